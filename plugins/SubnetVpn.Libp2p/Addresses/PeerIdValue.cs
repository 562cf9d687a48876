using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>A peer id: its multihash, and base58btc in text (the other text form is read too).</summary>
internal sealed class PeerIdValue : MultiaddrValue
{
    public static readonly PeerIdValue Instance = new();

    public override int Size => Variable;

    public override string Expected => "a peer id";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var valid = PeerId.TryParse(text, out var id);
        bytes = valid ? id.Bytes.ToArray() : [];
        return valid;
    }

    public override string? Format(ReadOnlySpan<byte> bytes) => PeerId.TryFromBytes(bytes, out var id) ? id.ToString() : null;
}
