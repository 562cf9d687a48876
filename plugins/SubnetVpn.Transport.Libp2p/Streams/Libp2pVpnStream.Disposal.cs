using System.Buffers;
using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Libp2p.Streams;

/// <content>
/// Disposal. Without <see cref="CloseWriteAsync"/> it resets the stream at once. After it, a reset would overtake what
/// the peer has not read yet, and yamux has no other way to say that we stop reading. So the rest of what the peer
/// sends is thrown away until it finishes too, for a short while and a small amount; then the stream is reset.
/// </content>
internal sealed partial class Libp2pVpnStream
{
    private const int LingerBytes = 1024 * 1024;
    private const int LingerBufferBytes = 16 * 1024;
    private static readonly TimeSpan s_lingerTime = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the stream was disposed of and has come to its end.</summary>
    public Task Over => _over.Task;

    public ValueTask DisposeAsync()
    {
        if (IsDisposed)
        {
            return ValueTask.CompletedTask;
        }

        NoteEnd(StreamEnd.Disposed);
        var before = Interlocked.Or(ref _marks, DisposedMark);
        if ((before & DisposedMark) == 0)
        {
            if ((before & ReadingMark) == 0)
            {
                Finish();
            }
            else
            {
                // The read finishes the stream when it ends, which it does now.
                Volatile.Read(ref _readCancel).Cancel();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Called once, when the stream was disposed of and no read goes on.</summary>
    private void Finish()
    {
        if (_isWriteClosed)
        {
            _ = LingerAsync();
        }
        else
        {
            Leave();
        }
    }

    private async Task LingerAsync()
    {
        using var limit = new CancellationTokenSource(s_lingerTime, _time);
        var buffer = ArrayPool<byte>.Shared.Rent(LingerBufferBytes);
        var thrownAway = 0;
        try
        {
            while (thrownAway < LingerBytes && await _stream.ReadAsync(buffer, limit.Token).ConfigureAwait(false) is { Count: > 0 and var count })
            {
                thrownAway += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Leave();
        }
    }

    private void Leave()
    {
        _stream.Dispose();
        _over.TrySetResult();
    }
}
