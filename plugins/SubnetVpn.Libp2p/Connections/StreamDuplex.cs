using SubnetVpn.Libp2p.Negotiation;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>A yamux stream while its protocol is negotiated.</summary>
internal sealed class StreamDuplex(YamuxStream stream) : IByteDuplex
{
    public bool IsDataAvailable => stream.IsDataAvailable;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        StreamRead read = await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return read.Count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        // A stream that ended says so to the read that follows.
        await stream.WriteAsync(source, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
