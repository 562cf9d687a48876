using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Serving;

/// <summary>Decides which streams and requests of peers are served: streams in all and of one peer, and a token bucket for each peer. Thread-safe.</summary>
internal sealed class RequestGate(KademliaLimits limits, TimeProvider time)
{
    private const int MaxPeers = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Visitor> _visitors = [];
    private int _streams;

    /// <summary>Lets a stream in; <see cref="Leave"/> follows exactly when it was.</summary>
    public bool TryEnter(PeerId peer)
    {
        lock (_gate)
        {
            if (_streams >= limits.MaxStreams || FindVisitor(peer) is not { } visitor || visitor.Streams >= limits.MaxStreamsPerPeer)
            {
                return false;
            }

            visitor.Streams++;
            _streams++;
            return true;
        }
    }

    /// <summary>Whether a request on a stream that was let in may be served now.</summary>
    public bool TryRequest(PeerId peer)
    {
        lock (_gate)
        {
            Visitor visitor = _visitors[peer];
            Refill(visitor);
            if (visitor.Tokens < 1)
            {
                return false;
            }

            visitor.Tokens--;
            return true;
        }
    }

    public void Leave(PeerId peer)
    {
        lock (_gate)
        {
            _visitors[peer].Streams--;
            _streams--;
        }
    }

    private Visitor? FindVisitor(PeerId peer)
    {
        if (!_visitors.TryGetValue(peer, out Visitor? visitor))
        {
            if (_visitors.Count >= MaxPeers && !TryForgetQuiet())
            {
                return null;
            }

            visitor = new Visitor { Tokens = limits.RequestBurst, RefilledAt = time.GetTimestamp() };
            _visitors.Add(peer, visitor);
        }

        return visitor;
    }

    private void Refill(Visitor visitor)
    {
        long now = time.GetTimestamp();
        visitor.Tokens = Math.Min(
            limits.RequestBurst, visitor.Tokens + (time.GetElapsedTime(visitor.RefilledAt, now).TotalSeconds * limits.RequestsPerSecond));
        visitor.RefilledAt = now;
    }

    /// <summary>Makes room: a peer with no stream whose bucket is full again is as good as unknown.</summary>
    private bool TryForgetQuiet()
    {
        foreach ((PeerId peer, Visitor visitor) in _visitors.ToArray())
        {
            Refill(visitor);
            if (visitor.Streams == 0 && visitor.Tokens >= limits.RequestBurst)
            {
                _visitors.Remove(peer);
            }
        }

        return _visitors.Count < MaxPeers;
    }

    private sealed class Visitor
    {
        public int Streams;
        public double Tokens;
        public long RefilledAt;
    }
}
