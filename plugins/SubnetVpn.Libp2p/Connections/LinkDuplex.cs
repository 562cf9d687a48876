using SubnetVpn.Libp2p.Negotiation;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>A bare link, as negotiation and handshake read it: nothing beyond what they ask for.</summary>
internal sealed class LinkDuplex(IByteLink link) : IByteDuplex
{
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        link.ReceiveAsync(destination, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken) =>
        await link.SendAsync(source, cancellationToken).ConfigureAwait(false);
}
