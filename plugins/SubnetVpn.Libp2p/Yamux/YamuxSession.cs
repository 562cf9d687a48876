using SubnetVpn.Libp2p.Buffers;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// The yamux multiplexer of one connection, without I/O: received plaintext goes into <see cref="Receive"/>,
/// what is to be sent comes out of <see cref="Fill"/>, time comes from the provider, the rest through <see cref="IYamuxOwner"/>.
/// <code>
/// receive loop ─▶ Receive ─▶ stream (waiting reader's memory, else queue) ─▶ EndBatch wakes readers
/// writer ─▶ queue of writes ─┐
/// credit, resets, pings ─────┴▶ Fill (control first, then one frame of each write in turn) ─▶ Flushed
/// </code>
/// One thread at a time has the sender's role; <see cref="RequestPump"/> gives it out and <see cref="TryEndPump"/> takes it back.
/// </summary>
internal sealed partial class YamuxSession
{
    private readonly IYamuxOwner _owner;
    private readonly ReceiveBlockPool _blocks;
    private readonly Lock _tableGate = new();
    private readonly Dictionary<uint, YamuxStream> _streams = [];
    private readonly uint _remoteParity;
    private uint _nextId;
    private int _inboundCount;
    private int _unacknowledgedCount;
    private bool _remoteGoAway;
    private bool _ended;
    private long _growth;

    public YamuxSession(bool isDialer, YamuxOptions options, ReceiveBlockPool blocks, IYamuxOwner owner, TimeProvider time)
    {
        Options = options;
        Time = time;
        _owner = owner;
        _blocks = blocks;
        _nextId = isDialer ? 1u : 2u;
        _remoteParity = isDialer ? 0u : 1u;
    }

    public YamuxOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>Streams in the table now.</summary>
    public int StreamCount
    {
        get
        {
            lock (_tableGate)
            {
                return _streams.Count;
            }
        }
    }

    public YamuxOpenFailure TryOpen(out YamuxStream? stream)
    {
        stream = null;
        lock (_tableGate)
        {
            YamuxOpenFailure failure = WhyNotOpen();
            if (failure != YamuxOpenFailure.None)
            {
                return failure;
            }

            stream = new YamuxStream(this, _nextId, isInbound: false, _blocks);
            _streams.Add(_nextId, stream);
            _nextId += 2;
            _unacknowledgedCount++;
            return YamuxOpenFailure.None;
        }
    }

    /// <summary>Ends every stream because the connection is over. Safe twice.</summary>
    public void End()
    {
        YamuxStream[] streams;
        lock (_tableGate)
        {
            _ended = true;
            streams = [.. _streams.Values];
            _streams.Clear();
        }

        foreach (YamuxStream stream in streams)
        {
            stream.OnSessionEnded();
            Forget(stream);
        }
    }

    /// <summary>Takes a stream out of the table. Does nothing when it is out already.</summary>
    public void Remove(YamuxStream stream)
    {
        lock (_tableGate)
        {
            if (!_streams.Remove(stream.Id))
            {
                return;
            }

            if (stream.IsInbound)
            {
                _inboundCount--;
            }

            Acknowledge(stream);
        }

        Forget(stream);
    }

    public void ReturnGrowth(uint bytes) => Interlocked.Add(ref _growth, -bytes);

    /// <summary>All of what was asked for, or nothing when the streams of this connection have grown enough.</summary>
    public uint TakeGrowth(uint bytes)
    {
        if (Interlocked.Add(ref _growth, bytes) <= Options.MaxWindowGrowthBytes)
        {
            return bytes;
        }

        Interlocked.Add(ref _growth, -bytes);
        return 0;
    }

    private void Forget(YamuxStream stream) => Interlocked.Add(ref _unknownBudget, stream.ReleaseWindow());

    private void Acknowledge(YamuxStream stream)
    {
        if (stream.Unacknowledged)
        {
            stream.Unacknowledged = false;
            _unacknowledgedCount--;
        }
    }

    private YamuxOpenFailure WhyNotOpen() =>
        _ended ? YamuxOpenFailure.SessionEnded
        : _remoteGoAway ? YamuxOpenFailure.RemoteGoAway
        : _streams.Count >= Options.MaxStreams ? YamuxOpenFailure.TooManyStreams
        : _unacknowledgedCount >= YamuxConstants.MaxUnacknowledgedStreams ? YamuxOpenFailure.TooManyUnacknowledged
        : _nextId > uint.MaxValue - 2 ? YamuxOpenFailure.IdsExhausted
        : YamuxOpenFailure.None;
}
