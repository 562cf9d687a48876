using SubnetVpn.Streams;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>A stream whose peer takes everything at once and never says anything.</summary>
internal sealed class SinkStream(SinkTransport transport, PeerId peer, string protocol) : IVpnStream
{
    private readonly TaskCompletionSource<StreamRead> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VpnStreamInfo Info { get; } = new() { Peer = peer, Protocol = protocol, Name = "sink", IsInbound = false, RemoteAddress = "/memory/sink" };

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) => new(_end.Task.WaitAsync(cancellationToken));

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        transport.Count(batch.Length);
        return new(StreamEnd.None);
    }

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Reset() => _end.TrySetResult(new StreamRead(0, StreamEnd.ResetLocally));

    public ValueTask DisposeAsync()
    {
        Reset();
        return ValueTask.CompletedTask;
    }
}
