using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>One end of a stream.</summary>
internal sealed class MemoryVpnStream(MemoryStreamPair pair, MemoryPipe output, MemoryPipe input, VpnStreamInfo info) : IVpnStream
{
    private long _bytesSent;
    private long _bytesReceived;
    private int _isOver;

    public VpnStreamInfo Info => info;

    public long BytesSent => Volatile.Read(ref _bytesSent);

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public MemoryPipe Output => output;

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) => input.ReadAsync(destination, cancellationToken);

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) => output.WriteAsync(batch, cancellationToken);

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        output.Finish();
        return ValueTask.CompletedTask;
    }

    public void Reset() => End(StreamEnd.ResetLocally, tellPeer: true);

    public ValueTask DisposeAsync()
    {
        if (!output.IsFinished)
        {
            End(StreamEnd.Disposed, tellPeer: true);
            return ValueTask.CompletedTask;
        }
        // What was written in good order still arrives; what the peer still writes is refused.
        input.EndReader(StreamEnd.Disposed);
        output.SendStopReading();
        BeOver();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends both directions here; the first reason wins.</summary>
    public void End(StreamEnd reason, bool tellPeer)
    {
        output.EndWriter(reason);
        input.EndReader(reason);
        if (BeOver() && tellPeer)
            output.SendReset();
    }

    public void PeerStoppedReading() => output.EndUnfinishedWriter(StreamEnd.ResetByPeer);

    public void CountSent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);

    public void CountReceived(int bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    private bool BeOver()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
            return false;
        pair.EndIsOver();
        return true;
    }
}
