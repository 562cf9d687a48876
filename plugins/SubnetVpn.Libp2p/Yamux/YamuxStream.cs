using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// One yamux stream. The receive half is guarded by its own lock (the receive loop and the reader meet there),
/// the send half by the session's send lock (writers and the sender meet there); no code holds both.
/// </summary>
internal sealed partial class YamuxStream
{
    private readonly YamuxSession _session;
    private int _end;
    private int _openHalves = 2;

    public YamuxStream(YamuxSession session, uint id, bool isInbound, ReceiveAccount account)
    {
        _session = session;
        Id = id;
        IsInbound = isInbound;
        _received = new ReceiveQueue(account);
        _read = new ReadOperation(this);
        Write = new WriteOperation(this);
        Unacknowledged = !isInbound;
    }

    public uint Id { get; }

    public bool IsInbound { get; }

    /// <summary>Why the stream ended, None while it lives. The first reason stays.</summary>
    public StreamEnd End => (StreamEnd)Volatile.Read(ref _end);

    /// <summary>Opened by us and the peer has not said yet that it took it. Guarded by the session's table lock.</summary>
    public bool Unacknowledged { get; set; }

    /// <summary>The peer reset the stream with this code. Meaningful when <see cref="End"/> is ResetByPeer.</summary>
    public uint RemoteResetCode { get; private set; }

    /// <summary>Ends the stream at once in both directions and tells the peer. Does nothing when it has ended.</summary>
    public void Reset(uint code) => Abort(StreamEnd.ResetLocally, code);

    /// <summary>Ends the stream from this side for a reason of its own, and tells the peer with <paramref name="code"/>.</summary>
    public void Abort(StreamEnd reason, uint code)
    {
        if (TryEnd(reason))
        {
            _session.QueueReset(this, code);
            _session.Remove(this);
            AbortReceive(reason, discard: true);
            _session.AbortWrite(this, reason);
            _session.RequestPump(inline: true);
        }
    }

    /// <summary>Nobody will read or write any more.</summary>
    public void Discard()
    {
        Reset(0);
        AbortReceive(End, discard: true);
    }

    /// <summary>The peer's RST. Called by the receive loop.</summary>
    public void OnReset(uint code)
    {
        RemoteResetCode = code;
        if (TryEnd(StreamEnd.ResetByPeer))
        {
            _session.Remove(this);
            AbortReceive(StreamEnd.ResetByPeer, discard: true);
            _session.AbortWrite(this, StreamEnd.ResetByPeer);
        }
    }

    /// <summary>The connection ended. What has been received can still be read.</summary>
    public void OnSessionEnded()
    {
        if (TryEnd(StreamEnd.ConnectionLost))
        {
            AbortReceive(StreamEnd.ConnectionLost, discard: false);
            _session.AbortWrite(this, StreamEnd.ConnectionLost);
        }
    }

    /// <summary>One direction is finished. When both are, the stream has ended well and leaves the table.</summary>
    public void HalfClosed()
    {
        if (Interlocked.Decrement(ref _openHalves) == 0)
        {
            TryEnd(StreamEnd.Completed);
            _session.Remove(this);
        }
    }

    private bool TryEnd(StreamEnd reason) =>
        Interlocked.CompareExchange(ref _end, (int)reason, (int)StreamEnd.None) == (int)StreamEnd.None;
}
