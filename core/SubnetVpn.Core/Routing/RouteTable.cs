using SubnetVpn.Core.Dispatch;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>
/// The peers of a network, and the addresses they hold, as the discovery sources tell. Changes are rare and rebuild a
/// snapshot; lookups read it without locks.
/// </summary>
/// <remarks>
/// Where several mappings claim an address, the most trusted wins, then the one that came first. A mapping without prefixes
/// tells where a peer can be dialled, if another source maps addresses to it; alone it makes no session.
/// </remarks>
internal sealed class RouteTable(PeerId self, Func<PeerMapping, PeerSession> createSession)
{
    private readonly Lock _gate = new();
    private readonly List<PeerMapping> _mappings = [];
    private readonly Dictionary<PeerId, PeerSession> _sessions = [];
    private volatile RouteSnapshot _snapshot = RouteSnapshot.Empty;

    public RouteSnapshot Snapshot => _snapshot;

    public PeerSession? FindPeer(PeerId peer)
    {
        lock (_gate)
            return _sessions.GetValueOrDefault(peer);
    }

    public PeerSession[] GetSessions()
    {
        lock (_gate)
            return [.. _sessions.Values];
    }

    /// <summary>
    /// A mapping holds; it replaces the former one of the same source and peer. Returns the session, or null when there is none:
    /// of ourselves, and of a peer of which only addresses are known so far.
    /// </summary>
    public PeerSession? Add(PeerMapping mapping)
    {
        if (mapping.Peer == self)
            return null;
        lock (_gate)
        {
            var index = _mappings.FindIndex(known => known.Peer == mapping.Peer && known.Source == mapping.Source);
            if (index >= 0)
                _mappings[index] = mapping;
            else
                _mappings.Add(mapping);
            Rebuild();
            return _sessions.GetValueOrDefault(mapping.Peer);
        }
    }

    /// <summary>A mapping holds no longer. Returns the session when nothing tells of the peer any more: it takes no more packets, and the caller stops it.</summary>
    public PeerSession? Remove(PeerId peer, string source)
    {
        lock (_gate)
        {
            _mappings.RemoveAll(known => known.Peer == peer && known.Source == source);
            var last = _mappings.Exists(known => known.Peer == peer && known.Prefixes.Count > 0) ? null : _sessions.GetValueOrDefault(peer);
            if (last is not null)
            {
                last.Streams.Retire();
                _sessions.Remove(peer);
            }
            Rebuild();
            return last;
        }
    }

    private void Rebuild()
    {
        var routes = new Dictionary<IpPrefix, PeerSession>();
        var seen = new HashSet<PeerId>();
        // OrderByDescending is stable: among equals, the first that came.
        var byTrust = _mappings.OrderByDescending(mapping => mapping.Trust).ToList();
        var known = byTrust.ToLookup(mapping => mapping.Peer);
        foreach (var mapping in byTrust)
        {
            if (mapping.Prefixes.Count == 0)
                continue;
            if (!_sessions.TryGetValue(mapping.Peer, out var session))
                _sessions[mapping.Peer] = session = createSession(mapping);
            if (seen.Add(mapping.Peer))
                session.Mapping = WithAddressesOf(known[mapping.Peer], mapping);
            foreach (var prefix in mapping.Prefixes)
                routes.TryAdd(prefix, session);
        }
        _snapshot = new RouteSnapshot(routes);
    }

    // Who answers at an address is proven to be the peer, whoever told of it.
    private static PeerMapping WithAddressesOf(IEnumerable<PeerMapping> mappings, PeerMapping first)
    {
        string[] addresses = [.. first.Addresses.Concat(mappings.SelectMany(mapping => mapping.Addresses)).Distinct()];
        return addresses.SequenceEqual(first.Addresses) ? first : first with { Addresses = addresses };
    }
}
