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

    private readonly YamuxSession _session;
    private readonly NoiseBatchWriter _writer;
    private readonly IByteLink _link;
    private readonly LargeBufferPool _buffers;
    private readonly Action<Exception> _failed;
    private readonly Action _continue;
    private byte[]? _buffer;
    private ValueTaskAwaiter<int> _sending;
    private long _bytesSent;

    public SendPump(YamuxSession session, NoiseCipher cipher, IByteLink link, LargeBufferPool buffers, Action<Exception> failed)
    {
        _session = session;
        _writer = new NoiseBatchWriter(cipher);
        _link = link;
        _buffers = buffers;
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
