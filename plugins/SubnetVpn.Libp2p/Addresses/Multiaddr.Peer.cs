using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>The peer at the end of an address: <c>/p2p/12D3KooW…</c>.</summary>
public sealed partial class Multiaddr
{
    /// <summary>The peer that the address leads to, if it ends in one. A relay in its middle is not meant.</summary>
    public bool TryGetPeerId(out PeerId id)
    {
        id = default;
        return EndsInPeer && PeerId.TryFromBytes(_components[^1].Value.Span, out id);
    }

    /// <summary>This address with <paramref name="id"/> at its end, in place of the peer that it may end in.</summary>
    public Multiaddr WithPeerId(PeerId id)
    {
        if (id.IsEmpty)
        {
            throw new ArgumentException("No peer is given.", nameof(id));
        }

        Span<byte> header = stackalloc byte[2 * Uvarint.MaxLength];
        var length = Uvarint.Write(header, MultiaddrProtocols.P2P);
        length += Uvarint.Write(header[length..], (ulong)id.Bytes.Length);
        byte[] bytes = [.. BytesWithoutPeer, .. header[..length], .. id.Bytes];
        return TryDecode(bytes, out var address)
            ? address
            : throw new InvalidOperationException($"'{this}' cannot carry a peer id: a path ends it, or it would be too long.");
    }

    /// <summary>This address without the peer at its end; null when nothing else is in it.</summary>
    public Multiaddr? WithoutPeerId() => EndsInPeer ? TryDecode(BytesWithoutPeer, out var address) ? address : null : this;

    private bool EndsInPeer => _components[^1].Protocol.Code == MultiaddrProtocols.P2P;

    private ReadOnlySpan<byte> BytesWithoutPeer => EndsInPeer ? _bytes.AsSpan(0, _components[^1].Offset) : _bytes;
}
