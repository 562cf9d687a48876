using System.Runtime.CompilerServices;
using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Noise;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// Moves frames from the multiplexer to the link. Runs on whichever thread has something to send: a writer, a reader
/// that gives credit back, the receive loop; there is no task of its own.
/// <code>Fill (copy into place) ─▶ encrypt in place ─▶ one send of up to four frames ─▶ Flushed</code>
/// Only the holder of the sender's role runs it, so nothing here needs a lock.
/// </summary>
internal sealed class SendPump : IThreadPoolWorkItem
{
    /// <summary>After that many sends the caller, who came with one write of its own, gets its thread back.</summary>
    private const int MaxSendsPerTurn = 8;

    /// <summary>How often the link is asked for a queue: that costs a system call.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The part of its time that a link is silent at most. Where others keep the queue long, more would leave the path to them.
    /// </summary>
    private const int MostSilence = 20;

    private readonly YamuxSession _session;
    private readonly NoiseBatchWriter _writer;
    private readonly IByteLink _link;
    private readonly LargeBufferPool _buffers;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly Action _continue;
    private byte[]? _buffer;
    private ValueTaskAwaiter<int> _sending;
    private long _bytesSent;
    private long _askedAt;
    private TimeSpan _askAfter;
    private ITimer? _pause;

    public SendPump(YamuxSession session, NoiseCipher cipher, IByteLink link, LargeBufferPool buffers, TimeProvider time, Action<Exception> failed)
    {
        _session = session;
        _writer = new NoiseBatchWriter(cipher);
        _link = link;
        _buffers = buffers;
        _time = time;
        _failed = failed;
        _continue = Continue;
    }

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public void Execute() => Run();

    public void Run()
    {
        try
        {
            for (int sends = 0; ; sends++)
            {
                if (sends == MaxSendsPerTurn)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }

                if (TryPause())
                {
                    return;
                }

                _writer.Start(_buffer ??= _buffers.Rent());
                if (!_session.Fill(_writer))
                {
                    ReturnBuffer();
                    if (_session.TryEndPump())
                    {
                        return;
                    }

                    continue;
                }

#pragma warning disable CA2012 // Consumed exactly once, in Sent(): an async method would cost an allocation for each send that waits.
                _sending = _link.SendAsync(_writer.Finish(), CancellationToken.None).GetAwaiter();
#pragma warning restore CA2012
                if (!_sending.IsCompleted)
                {
                    _sending.UnsafeOnCompleted(_continue);
                    return;
                }

                Sent();
            }
        }
        catch (Exception exception) when (IsLinkFailure(exception))
        {
            Fail(exception);
        }
    }

    public static bool IsLinkFailure(Exception exception) =>
        exception is IOException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException;

    // The sender's role is kept: what comes meanwhile goes out together. (100 Mbit/s, 10 ms each way, one flow inside: ping beside it on
    // another connection went from 35 to 45 ms to 21 to 28 ms once the queue had drained; the flow had 91 Mbit/s before and after.)
    private bool TryPause()
    {
        long now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_askedAt, now) < _askAfter)
        {
            return false;
        }

        _askedAt = now;
        TimeSpan silence = _link.DrainTime;
        if (silence <= TimeSpan.Zero)
        {
            _askAfter = AskInterval;
            return false;
        }

        _askAfter = silence * MostSilence;
        _pause ??= _time.CreateTimer(static state => ((SendPump)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pause.Change(silence, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void Continue()
    {
        try
        {
            Sent();
        }
        catch (Exception exception) when (IsLinkFailure(exception))
        {
            Fail(exception);
            return;
        }

        Run();
    }

    private void Sent()
    {
        Interlocked.Add(ref _bytesSent, _sending.GetResult());
        _session.Flushed();
    }

    private void Fail(Exception exception)
    {
        ReturnBuffer();
        _session.CloseOutput();
        _session.TryEndPump();
        _failed(exception);
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _buffers.Return(buffer);
        }
    }
}
