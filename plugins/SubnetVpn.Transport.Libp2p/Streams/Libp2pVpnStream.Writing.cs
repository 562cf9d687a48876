using System.Numerics;
using System.Runtime.CompilerServices;
using SubnetVpn.Streams;
using LibraryEnd = SubnetVpn.Libp2p.Connections.StreamEnd;

namespace SubnetVpn.Transport.Libp2p.Streams;

/// <content>Writing. The buffers of a batch go to the library as segments of one write, which it puts into as few frames as it can.</content>
internal sealed partial class Libp2pVpnStream
{
    private ReadOnlyMemory<byte>[] _segments = [];
    private int _segmentCount;
    private int _writing;
    private volatile bool _isWriteClosed;

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        BeginWrite();
        if (IsDisposed || batch.IsEmpty)
        {
            EndWrite(LibraryEnd.None);
            return new ValueTask<StreamEnd>(End);
        }

        try
        {
            var pending = _stream.WriteAsync(Fill(batch.Span), cancellationToken);
            return pending.IsCompletedSuccessfully ? new ValueTask<StreamEnd>(EndWrite(pending.Result)) : WaitForWriteAsync(pending);
        }
        catch (InvalidOperationException)
        {
            // Closed for writing: the caller's bug.
            EndWrite(LibraryEnd.None);
            throw;
        }
    }

    public async ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeginWrite();
        var end = LibraryEnd.None;
        try
        {
            if (!IsDisposed && !_isWriteClosed)
            {
                end = await _stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
                _isWriteClosed = end == LibraryEnd.None;
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }

        if (end == LibraryEnd.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<StreamEnd> WaitForWriteAsync(ValueTask<LibraryEnd> pending) =>
        EndWrite(await pending.ConfigureAwait(false));

    private void BeginWrite()
    {
        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException("Another write is going on.");
        }
    }

    private ReadOnlyMemory<ReadOnlyMemory<byte>> Fill(ReadOnlySpan<PacketBuffer> batch)
    {
        if (_segments.Length < batch.Length)
        {
            _segments = new ReadOnlyMemory<byte>[BitOperations.RoundUpToPowerOf2((uint)batch.Length)];
        }

        for (var index = 0; index < batch.Length; index++)
        {
            _segments[index] = batch[index].Memory;
        }

        _segmentCount = batch.Length;
        return _segments.AsMemory(0, batch.Length);
    }

    private StreamEnd EndWrite(LibraryEnd end)
    {
        if (end == LibraryEnd.Cancelled)
        {
            // The library leaves a stream alone when the token was cancelled before it began.
            EndHere(StreamEnd.Cancelled);
        }

        // The buffers are the caller's again; none may be kept alive by us.
        _segments.AsSpan(0, _segmentCount).Clear();
        _segmentCount = 0;
        Volatile.Write(ref _writing, 0);
        return end == LibraryEnd.None ? StreamEnd.None : Translate(end);
    }
}
