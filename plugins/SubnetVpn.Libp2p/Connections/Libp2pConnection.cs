using System.Net;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Noise;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// An encrypted, multiplexed connection to one peer. There may be several to the same peer.
/// <code>
/// link ─▶ receive loop: decrypt in place ─▶ yamux ─▶ streams
/// streams ─▶ yamux ─▶ SendPump: encrypt in place ─▶ link
/// </code>
/// </summary>
public sealed partial class Libp2pConnection : IYamuxOwner
{
    private static long s_lastId;

    private readonly ConnectionContext _context;
    private readonly UpgradedLink _upgraded;
    private readonly IByteLink _link;
    private readonly SendPump _pump;
    private int _end;
    private int _pendingInboundStreams;

    internal Libp2pConnection(UpgradedLink upgraded, ConnectionContext context)
    {
        _context = context;
        _upgraded = upgraded;
        _link = upgraded.Link;
        RemotePeer = upgraded.Peer;
        RemoteAddress = Multiaddr.FromTcpEndPoint(_link.RemoteEndPoint);
        OpenedAt = context.Time.GetUtcNow();
        Session = new YamuxSession(upgraded.IsDialer, context.Yamux, context.Blocks, this, context.Time);
        _pump = new SendPump(Session, upgraded.Send, _link, context.Buffers, context.Time, OnSendFailed);
    }

    /// <summary>The number of the connection, unique in the process: a name for logs and listings.</summary>
    public long Id { get; } = Interlocked.Increment(ref s_lastId);

    /// <summary>The peer, proven by its signature in the handshake.</summary>
    public PeerId RemotePeer { get; }

    /// <summary>The hash of the handshake, 32 bytes: both ends have the same, and no other connection has it (channel binding, Noise specification section 11.2).</summary>
    public ReadOnlyMemory<byte> HandshakeHash => _upgraded.HandshakeHash;

    /// <summary>Where the peer's end of the TCP connection is.</summary>
    public Multiaddr RemoteAddress { get; }

    /// <summary>The peer dialled us.</summary>
    public bool IsInbound => !_upgraded.IsDialer;

    public DateTimeOffset OpenedAt { get; }

    /// <summary>What encrypts: <c>chacha20-poly1305</c> or <c>aes-256-gcm</c>.</summary>
    public string Cipher => _upgraded.Suite == NoiseCipherSuite.Aes256Gcm ? NoiseConstants.Aes256Gcm : "chacha20-poly1305";

    /// <summary>The congestion control in use; null when unknown.</summary>
    public string? Congestion => _link.Congestion;

    /// <summary>Bytes taken from the network since the handshake, with all overhead.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Bytes given to the network since the handshake, with all overhead.</summary>
    public long BytesSent => _pump.BytesSent;

    /// <summary>Open streams of both directions.</summary>
    public int StreamCount => Session.StreamCount;

    /// <summary>Smoothed round trip; null until the first ping was answered.</summary>
    public TimeSpan? RoundTrip => Session.RoundTrip;

    /// <summary>Why the connection ended; None while it lives.</summary>
    public ConnectionEnd End => (ConnectionEnd)Volatile.Read(ref _end);

    /// <summary>What the peer did when <see cref="End"/> is ProtocolError.</summary>
    public YamuxFault Fault { get; private set; }

    internal YamuxSession Session { get; }

    internal IPEndPoint RemoteEndPoint => _link.RemoteEndPoint;

    /// <summary>The peer accepts no more streams on this connection, or it has ended.</summary>
    internal bool IsClosing => _draining || End != ConnectionEnd.None;

    /// <summary>Streams of the peer whose protocol is not agreed yet.</summary>
    internal int PendingInboundStreams => Volatile.Read(ref _pendingInboundStreams);

    internal void AddPendingInboundStream(int change) => Interlocked.Add(ref _pendingInboundStreams, change);

    /// <inheritdoc/>
    public override string ToString() => $"{RemotePeer} {RemoteAddress} {(IsInbound ? "inbound" : "outbound")}";

    void IYamuxOwner.Pump(bool inline)
    {
        if (inline)
        {
            if (!WriteBatch.TryAdd(_pump))
            {
                _pump.Run();
            }
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(_pump, preferLocal: false);
        }
    }

    void IYamuxOwner.StreamOpened(YamuxStream stream) => _context.Owner.StreamOpened(this, stream);

    void IYamuxOwner.LimitHit(Libp2pLimit limit) => _context.Owner.LimitHit(limit);
}
