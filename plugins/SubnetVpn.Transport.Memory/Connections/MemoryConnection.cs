using System.Security.Cryptography;
using SubnetVpn.Streams;
using SubnetVpn.Transport.Memory.Streams;

namespace SubnetVpn.Transport.Memory.Connections;

/// <summary>A connection between two transports; both use the same object. Thread-safe.</summary>
internal sealed class MemoryConnection(MemoryNetwork network, int number, int lane, MemoryTransport dialer, MemoryTransport listener, string listenerAddress)
{
    /// <summary>Streams on one connection; more are refused, as a real peer would.</summary>
    public const int MaxStreams = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, MemoryStreamPair> _streams = [];
    private int _lastStream;
    private bool _isClosed;

    // What the streams that are gone carried, from the dialer's side.
    private long _sentByDialer;
    private long _receivedByDialer;
    private long _sentByListener;
    private long _receivedByListener;

    public MemoryNetwork Network => network;

    public int Number => number;

    public int Lane => lane;

    public MemoryTransport Dialer => dialer;

    public MemoryTransport Listener => listener;

    public DateTimeOffset OpenedAt { get; } = network.Time.GetUtcNow();

    /// <summary>What both ends have in common and no other connection has.</summary>
    public ReadOnlyMemory<byte> Binding { get; } = RandomNumberGenerator.GetBytes(32);

    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _isClosed;
        }
    }

    public MemoryTransport Other(MemoryTransport one) => ReferenceEquals(one, dialer) ? listener : dialer;

    public string AddressOf(MemoryTransport end) => ReferenceEquals(end, listener) ? listenerAddress : MemoryAddress.Format($"dialer-{number}");

    /// <summary>Makes a stream; null and a reason when there can be none.</summary>
    public MemoryStreamPair? TryOpen(MemoryTransport opener, string protocol, out OpenStreamFailure failure)
    {
        lock (_gate)
        {
            failure = _isClosed ? OpenStreamFailure.ConnectionLost : _streams.Count >= MaxStreams ? OpenStreamFailure.TooMany : OpenStreamFailure.None;
            if (failure != OpenStreamFailure.None)
                return null;
            var pair = new MemoryStreamPair(this, ++_lastStream, protocol, ReferenceEquals(opener, dialer));
            _streams.Add(pair.Number, pair);
            return pair;
        }
    }

    public void Remove(MemoryStreamPair pair)
    {
        lock (_gate)
        {
            if (!_streams.Remove(pair.Number))
                return;
            var (byDialer, byListener) = Ends(pair);
            _sentByDialer += byDialer.BytesSent;
            _receivedByDialer += byDialer.BytesReceived;
            _sentByListener += byListener.BytesSent;
            _receivedByListener += byListener.BytesReceived;
        }
    }

    /// <summary>Ends every stream as lost. The network has forgotten the connection before.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
        foreach (var pair in Streams())
            pair.End(StreamEnd.ConnectionLost);
    }

    public IReadOnlyList<MemoryStreamPair> Streams()
    {
        lock (_gate)
            return [.. _streams.Values];
    }

    public TransportConnection Describe(MemoryTransport self)
    {
        var isDialer = ReferenceEquals(self, dialer);
        var other = Other(self);
        lock (_gate)
        {
            var (sent, received) = isDialer ? (_sentByDialer, _receivedByDialer) : (_sentByListener, _receivedByListener);
            foreach (var pair in _streams.Values)
            {
                var (byDialer, byListener) = Ends(pair);
                var end = isDialer ? byDialer : byListener;
                sent += end.BytesSent;
                received += end.BytesReceived;
            }
            return new TransportConnection
            {
                Peer = other.Peer,
                RemoteAddress = AddressOf(other),
                IsInbound = !isDialer,
                OpenedAt = OpenedAt,
                BytesSent = sent,
                BytesReceived = received,
                Streams = _streams.Count,
                RoundTripTime = network.Link(self.Peer, other.Peer).Delay + network.Link(other.Peer, self.Peer).Delay,
                Description = "memory",
            };
        }
    }

    private (MemoryVpnStream ByDialer, MemoryVpnStream ByListener) Ends(MemoryStreamPair pair) =>
        pair.Opener.Info.Peer == listener.Peer ? (pair.Opener, pair.Acceptor) : (pair.Acceptor, pair.Opener);
}
