using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Dns;

namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>
/// The peers on our links, and who of them holds which address: of several that claim one, the first keeps it until it goes.
/// Bounded in everything. Not thread-safe; the time is passed in.
/// </summary>
internal sealed partial class PeerTable(NetworkContext network, MdnsOptions options, MdnsCounters counters, ILogger logger)
{
    // What one line each is worth; the rest is counted.
    private const int MaxLogged = 64;

    // The first that came first: they also inherit in this order.
    private readonly List<KnownPeer> _peers = [];
    private readonly Dictionary<PeerId, KnownPeer> _byId = [];
    private readonly Dictionary<IpPrefix, PeerId> _holders = [];
    private readonly HashSet<(IpPrefix Claim, PeerId Peer)> _logged = [];

    /// <summary>Goes up whenever <see cref="Mappings"/> differs.</summary>
    public long Version { get; private set; }

    public int Count => _peers.Count;

    /// <summary>What is known: peers of the network with what they hold, others with their addresses alone.</summary>
    public IReadOnlyList<PeerMapping> Mappings => [.. _peers.Select(static peer => peer.Mapping!)];

    /// <summary>When the next of them expires; null for never.</summary>
    public TimeSpan? NextExpiry => _peers.Count == 0 ? null : _peers.Min(static peer => peer.Sightings.Min(static sighting => sighting.Expires));

    /// <summary>The peer that holds an address, by the longest prefix, or null.</summary>
    public PeerMapping? Find(VirtualIp address)
    {
        PeerMapping? best = null;
        var length = -1;
        foreach (var (prefix, holder) in _holders)
            if (prefix.Length > length && prefix.Contains(address))
                (best, length) = (_byId[holder].Mapping, prefix.Length);
        return best;
    }

    /// <summary>The names on a link that need not be told again, with the rest of their time.</summary>
    public IEnumerable<(DnsName Instance, TimeSpan Remaining)> FreshOn(int link, TimeSpan now) =>
        from peer in _peers
        from sighting in peer.Sightings
        let remaining = sighting.Expires - now
        where sighting.Link == link && remaining > sighting.Ttl / 2
        select (sighting.Instance, remaining);

    /// <summary>Whether a claim is told to the host; what is not is counted, and logged where it matters.</summary>
    public bool Believes(IpPrefix claim, PeerId peer)
    {
        switch (ClaimRules.Judge(claim, network, options.AcceptRoutes))
        {
            case ClaimVerdict.Believed:
                return true;
            case ClaimVerdict.OurOwn:
                // Told all the same: the host never believes it, and finds out whether two nodes took one address.
                counters.Refuse(RefusalReason.OwnAddress);
                return true;
            default:
                counters.Refuse(RefusalReason.ForeignClaim);
                return false;
        }
    }

    /// <summary>Takes what a peer said.</summary>
    public void See(Sighting sighting)
    {
        if (!_byId.TryGetValue(sighting.Peer, out var peer))
        {
            if (_peers.Count >= options.MaxPeers)
            {
                counters.Refuse(RefusalReason.TooManyPeers);
                return;
            }
            peer = new KnownPeer(sighting.Peer);
            _byId.Add(peer.Id, peer);
            _peers.Add(peer);
        }
        peer.Add(sighting);
        Settle(peer);
    }

    /// <summary>Who spoke under a name on a link goes in a moment (RFC 6762, 10.1).</summary>
    public void Leave(int link, DnsName instance, TimeSpan now)
    {
        foreach (var peer in _peers)
            peer.Shorten(sighting => sighting.Link == link && sighting.Instance.Equals(instance), now + MdnsProtocol.GoodbyeDelay);
    }

    /// <summary>A link is gone, and with it everything that was said there.</summary>
    public void RemoveLink(int link) => RemoveAll(sighting => sighting.Link == link);

    /// <summary>Forgets what is over.</summary>
    public void Expire(TimeSpan now)
    {
        if (NextExpiry <= now)
            RemoveAll(sighting => sighting.Expires <= now);
    }

    private void RemoveAll(Predicate<Sighting> match)
    {
        foreach (var peer in _peers.ToArray())
        {
            if (!peer.RemoveAll(match))
                continue;
            if (peer.Sightings.Count == 0)
            {
                _peers.Remove(peer);
                _byId.Remove(peer.Id);
                Version++;
            }
            Settle(peer);
        }
    }

    // Lets go of what a peer claims no longer, takes what nobody holds, and lets others have what it left.
    private void Settle(KnownPeer peer)
    {
        var claims = peer.Claims;
        var released = _holders.Where(entry => entry.Value == peer.Id && !claims.Contains(entry.Key)).Select(static entry => entry.Key).ToList();
        foreach (var prefix in released)
            _holders.Remove(prefix);
        peer.Conflicts.RemoveWhere(prefix => !claims.Contains(prefix));
        foreach (var claim in claims)
        {
            if (_holders.TryAdd(claim, peer.Id) || _holders[claim] == peer.Id)
                peer.Conflicts.Remove(claim);
            else if (peer.Conflicts.Add(claim))
                TellConflict(claim, peer.Id);
        }
        if (peer.Sightings.Count > 0)
            Tell(peer, claims);
        foreach (var heir in _peers)
            if (heir != peer && heir.Conflicts.Overlaps(released))
                Settle(heir);
    }

    private void Tell(KnownPeer peer, IReadOnlyList<IpPrefix> claims)
    {
        IReadOnlyList<IpPrefix> held = [.. claims.Where(claim => _holders[claim] == peer.Id)];
        var addresses = peer.AddressesUpTo(options.MaxAddressesPerPeer);
        if (peer.Mapping is { } told && told.Prefixes.SequenceEqual(held) && told.Addresses.SequenceEqual(addresses))
            return;
        peer.Mapping = new PeerMapping { Peer = peer.Id, Prefixes = held, Addresses = addresses, Source = "mdns", Trust = MappingTrust.Hearsay };
        Version++;
    }

    private void TellConflict(IpPrefix claim, PeerId peer)
    {
        counters.Refuse(RefusalReason.Conflict);
        if (IsNews(claim, peer))
            LogConflict(logger, network.Name, peer, claim, _holders[claim]);
    }

    private bool IsNews(IpPrefix claim, PeerId peer) => _logged.Count < MaxLogged && _logged.Add((claim, peer));
}
