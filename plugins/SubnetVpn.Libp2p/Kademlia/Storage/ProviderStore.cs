using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Storage;

/// <summary>Who provides what, as peers said of themselves, bounded in number, bytes and share of one peer. Thread-safe.</summary>
internal sealed class ProviderStore(PeerId self, KademliaLimits limits, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KademliaKey, Dictionary<PeerId, Provider>> _keys = [];
    private readonly Dictionary<PeerId, int> _perPeer = [];
    private int _count;
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public KademliaRefusal Add(ReadOnlyMemory<byte> key, KademliaPeer peer)
    {
        KademliaKey place = KademliaKey.Of(key.Span);
        var provider = new Provider(peer, time.GetUtcNow());
        lock (_gate)
        {
            Dictionary<PeerId, Provider>? providers = _keys.GetValueOrDefault(place);
            Provider? old = providers?.GetValueOrDefault(peer.Id);
            if (peer.Id != self)
            {
                KademliaRefusal refusal = Check(peer.Id, provider, providers, old);
                if (refusal != KademliaRefusal.None)
                {
                    return refusal;
                }
            }

            Remove(place, peer.Id);
            if (!_keys.TryGetValue(place, out providers))
            {
                _keys.Add(place, providers = []);
            }

            providers.Add(peer.Id, provider);
            _perPeer[peer.Id] = _perPeer.GetValueOrDefault(peer.Id) + 1;
            _count++;
            _bytes += provider.Bytes;
            return KademliaRefusal.None;
        }
    }

    /// <summary>The providers of a key, those that said so last first.</summary>
    public List<KademliaPeer> Get(ReadOnlyMemory<byte> key, int count)
    {
        lock (_gate)
        {
            DateTimeOffset limit = time.GetUtcNow() - lifetime;
            return _keys.TryGetValue(KademliaKey.Of(key.Span), out Dictionary<PeerId, Provider>? providers)
                ? [.. providers.Values.Where(provider => provider.ReceivedAt > limit)
                    .OrderByDescending(static provider => provider.ReceivedAt).Take(count).Select(static provider => provider.Peer)]
                : [];
        }
    }

    public void RemoveExpired()
    {
        lock (_gate)
        {
            DateTimeOffset limit = time.GetUtcNow() - lifetime;
            foreach ((KademliaKey place, Dictionary<PeerId, Provider> providers) in _keys.ToArray())
            {
                foreach (Provider provider in providers.Values.Where(provider => provider.ReceivedAt <= limit).ToArray())
                {
                    Remove(place, provider.Peer.Id);
                }
            }
        }
    }

    private KademliaRefusal Check(PeerId peer, Provider provider, Dictionary<PeerId, Provider>? providers, Provider? old)
    {
        if (old is null && _perPeer.GetValueOrDefault(peer) >= limits.MaxProvidersPerPeer)
        {
            return KademliaRefusal.PeerQuota;
        }

        bool isFull = (old is null && (_count >= limits.MaxProviders || providers?.Count >= limits.MaxProvidersPerKey))
            || _bytes + provider.Bytes - (old?.Bytes ?? 0) > limits.MaxProviderBytes;
        return isFull ? KademliaRefusal.StoreFull : KademliaRefusal.None;
    }

    private void Remove(KademliaKey place, PeerId peer)
    {
        if (!_keys.TryGetValue(place, out Dictionary<PeerId, Provider>? providers) || !providers.Remove(peer, out Provider? provider))
        {
            return;
        }

        if (providers.Count == 0)
        {
            _keys.Remove(place);
        }

        _count--;
        _bytes -= provider.Bytes;
        if (--_perPeer[peer] == 0)
        {
            _perPeer.Remove(peer);
        }
    }

    private sealed record Provider(KademliaPeer Peer, DateTimeOffset ReceivedAt)
    {
        // What the dictionaries and objects around it take, about.
        private const int OverheadBytes = 256;

        public long Bytes { get; } = OverheadBytes + Peer.Addresses.Sum(static address => address.Bytes.Length + OverheadBytes);
    }
}
