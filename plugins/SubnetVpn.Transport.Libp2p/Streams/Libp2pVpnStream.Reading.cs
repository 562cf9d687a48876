using System.Runtime.CompilerServices;
using SubnetVpn.Streams;
using LibraryEnd = SubnetVpn.Libp2p.Connections.StreamEnd;
using LibraryRead = SubnetVpn.Libp2p.Connections.StreamRead;

namespace SubnetVpn.Transport.Libp2p.Streams;

/// <content>Reading. The library's read waits for a token of this stream, so that disposal can end it as well as the caller.</content>
internal sealed partial class Libp2pVpnStream
{
    private CancellationTokenSource _readCancel = new();

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (destination.IsEmpty)
        {
            throw new ArgumentException("There is no room to read into.", nameof(destination));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<StreamRead>(cancellationToken);
        }

        if (!TryBeginRead())
        {
            return new ValueTask<StreamRead>(new StreamRead(0, End));
        }

        var pending = _stream.ReadAsync(destination, _readCancel.Token);
        return pending.IsCompletedSuccessfully
            ? new ValueTask<StreamRead>(EndRead(pending.Result))
            : WaitForReadAsync(pending, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<StreamRead> WaitForReadAsync(ValueTask<LibraryRead> pending, CancellationToken cancellationToken)
    {
        LibraryRead read;
        using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _readCancel))
        {
            read = await pending.ConfigureAwait(false);
        }

        var result = EndRead(read);
        if (read.End == LibraryEnd.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return result;
    }

    private bool TryBeginRead()
    {
        var before = Interlocked.Or(ref _marks, ReadingMark);
        if ((before & ReadingMark) != 0)
        {
            throw new InvalidOperationException("Another read is going on.");
        }

        if ((before & DisposedMark) != 0)
        {
            Interlocked.And(ref _marks, ~ReadingMark);
            return false;
        }

        if (_readCancel.IsCancellationRequested)
        {
            // The last read was cancelled. Disposal cancels what it finds here, so look for it again afterwards.
            Interlocked.Exchange(ref _readCancel, new CancellationTokenSource());
            if (IsDisposed)
            {
                LeaveRead();
                return false;
            }
        }

        return true;
    }

    private StreamRead EndRead(LibraryRead read)
    {
        // After disposal nobody expects data any more.
        return LeaveRead()
            ? new StreamRead(0, End)
            : new StreamRead(read.Count, read.Count > 0 ? StreamEnd.None : Translate(read.End));
    }

    /// <summary>Whether the stream was disposed of meanwhile; then closing it was left to us.</summary>
    private bool LeaveRead()
    {
        var disposed = (Interlocked.And(ref _marks, ~ReadingMark) & DisposedMark) != 0;
        if (disposed)
        {
            Finish();
        }

        return disposed;
    }
}
