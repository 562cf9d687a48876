using SubnetVpn.Streams;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>A stream of <see cref="CountingTransport"/>.</summary>
internal sealed class CountingStream(CountingTransport transport, IVpnStream inner) : IVpnStream
{
    public VpnStreamInfo Info => inner.Info;

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) => inner.ReadAsync(destination, cancellationToken);

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        // Before: what the stream holds back, it holds back for the writer, not for the count.
        var count = batch.Length;
        var written = inner.WriteAsync(batch, cancellationToken);
        transport.Count(count);
        return written;
    }

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken) => inner.CloseWriteAsync(cancellationToken);

    public void Reset() => inner.Reset();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
