using System.Threading.Tasks.Sources;
using SubnetVpn.Tun.Linux.Device;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Tun.Linux;

internal sealed partial class LinuxTunDevice : IValueTaskSource<int>
{
    /// <summary>The device is gone: it was removed from outside.</summary>
    private const int Gone = -1;

    private readonly int _headerLength;
    private ManualResetValueTaskSourceCore<int> _wait;
    private ReadOnlyMemory<PacketBuffer> _batch;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;
    private bool _armed;
    private int _reading;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (batch.IsEmpty)
            throw new ArgumentException("The batch has no buffers.", nameof(batch));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("Another read is pending: a TUN device has one reader.");

        var isWaiting = false;
        try
        {
            var count = Volatile.Read(ref _disposed) ? Gone : Drain(batch.Span);
            isWaiting = count == 0 && TryArm(batch, cancellationToken);
            return isWaiting ? new ValueTask<int>(this, _wait.Version) : ValueTask.FromResult(Math.Max(count, 0));
        }
        finally
        {
            // Once armed, the reader thread lets go.
            if (!isWaiting)
                Volatile.Write(ref _reading, 0);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private bool TryArm(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_disposed)
                return false;
            _wait.Reset();
            _batch = batch;
            _cancellation = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static state => ((LinuxTunDevice)state!)._signal.Set(), this);
            _armed = true;
            if (_reader is null)
            {
                _reader = new Thread(RunReader) { IsBackground = true, Name = $"tun {Name}" };
                _reader.UnsafeStart();
            }
            else if (_reader != Thread.CurrentThread)
            {
                _signal.Set();
            }
            return true;
        }
    }

    private void RunReader()
    {
        Span<PollEntry> entries = [new(_signal.File.Number, Poll.POLLIN), new(_tun.File.Number, Poll.POLLIN)];
        while (true)
        {
            bool armed, disposed;
            lock (_gate)
            {
                armed = _armed;
                disposed = _disposed;
            }
            if (disposed)
            {
                // Nothing arms after this: TryArm looks at _disposed under the lock.
                if (armed)
                    Complete(0);
                break;
            }
            if (armed && _cancellation.IsCancellationRequested)
            {
                Fail(new OperationCanceledException(_cancellation));
                continue;
            }
            Poll.Wait(armed ? entries : entries[..1], -1);
            if (entries[0].Occurred != 0)
                _signal.Clear();
            if (armed && entries[1].Occurred != 0)
                DrainArmed(entries[1].Occurred);
        }
        _readerEnded.SetResult();
    }

    private void DrainArmed(short occurred)
    {
        int count;
        try
        {
            count = Drain(_batch.Span);
        }
        catch (Exception exception)
        {
            // A fault of the batch, such as a null in it: the caller's, and not a reason to lose the thread.
            Fail(exception);
            return;
        }
        if (count == 0 && (occurred & (Poll.POLLERR | Poll.POLLHUP | Poll.POLLNVAL)) != 0)
            count = Gone;
        if (count != 0)
            Complete(Math.Max(count, 0));
    }

    private void Complete(int count)
    {
        Disarm();
        _wait.SetResult(count);
    }

    private void Fail(Exception exception)
    {
        Disarm();
        _wait.SetException(exception);
    }

    private void Disarm()
    {
        // Waits for a callback that runs right now, so that it cannot disturb the next read.
        _registration.Dispose();
        _registration = default;
        _batch = default;
        lock (_gate)
            _armed = false;
        Volatile.Write(ref _reading, 0);
    }

    /// <summary>Reads what is there. Header and packet come by one call, the packet right behind the headroom.</summary>
    /// <returns>How many packets; 0 when there were none; <see cref="Gone"/>.</returns>
    private int Drain(ReadOnlySpan<PacketBuffer> batch)
    {
        var count = 0;
        while (count < batch.Length)
        {
            var buffer = batch[count];
            var room = buffer.Array.AsSpan(PacketBuffer.Headroom - _headerLength, _headerLength + buffer.Capacity);
            var length = TunIo.Read(_tun.File, room);
            if (length > _headerLength)
            {
                buffer.SetLength(length - _headerLength);
                buffer.Offload = _headerLength == 0 ? default : PacketOffload.Read(room);
                count++;
            }
            else if (length < 0)
            {
                if (Errno.Last == Errno.EINTR)
                    continue;
                return count > 0 || Errno.Last == Errno.EAGAIN ? count : Gone;
            }
        }
        return count;
    }
}
