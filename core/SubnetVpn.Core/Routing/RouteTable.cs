using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Filtering;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>
/// The peers of a network, and the addresses they hold, as the discovery sources tell. Changes are rare and rebuild a
/// snapshot; lookups read it without locks.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="local">Its addresses and subnets.</param>
/// <param name="isRegistered">Whether a registry gives out the addresses of those subnets, one by one.</param>
/// <param name="takesUnlisted">Whether peers are let in that neither the operator nor a member tells of.</param>
/// <param name="createSession">Makes the session of a peer.</param>
/// <param name="refusals">Where refused claims are counted.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// Who holds what where several claim it: <see cref="RoutePlan"/>. A mapping without prefixes tells where a peer can be dialled, if
/// another source maps addresses to it; alone it makes no session.
/// </remarks>
internal sealed class RouteTable(PeerId self, LocalAddresses local, bool isRegistered, bool takesUnlisted, Func<PeerMapping, PeerSession> createSession, RefusalCounter refusals, TimeProvider time)
{
    // Where to dial a peer, from all sources together.
    private const int MaxAddresses = 32;

    private readonly Lock _gate = new();
    private readonly List<ToldMapping> _told = [];
    private readonly Dictionary<PeerId, PeerSession> _sessions = [];
    private RoutePlan _plan = new(self, local, isRegistered, takesUnlisted, []);
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

    /// <summary>A mapping holds; it replaces the former one of the same source and peer. Returns the peer when it holds anything.</summary>
    public PeerSession? Add(PeerMapping mapping)
    {
        // Sources that share what they know with others tell of us, too.
        if (mapping.Peer == self)
            return null;
        IReadOnlyList<RefusedClaim> refused;
        PeerSession? session;
        lock (_gate)
        {
            var index = _told.FindIndex(known => known.IsOf(mapping.Peer, mapping.Source));
            if (index >= 0)
                _told[index] = new ToldMapping(mapping, time.GetUtcNow());
            else
                _told.Add(new ToldMapping(mapping, time.GetUtcNow()));
            refused = Rebuild();
            session = _sessions.GetValueOrDefault(mapping.Peer);
        }
        refusals.Add(refused);
        return session;
    }

    /// <summary>A mapping holds no longer. Returns the session when nothing tells of the peer any more: it takes no more packets, and the caller stops it.</summary>
    public PeerSession? Remove(PeerId peer, string source)
    {
        IReadOnlyList<RefusedClaim> refused;
        PeerSession? last;
        lock (_gate)
        {
            _told.RemoveAll(known => known.IsOf(peer, source));
            last = _told.Exists(known => known.Mapping.Peer == peer && known.Mapping.Prefixes.Count > 0) ? null : _sessions.GetValueOrDefault(peer);
            if (last is not null)
            {
                last.Streams.Retire();
                _sessions.Remove(peer);
            }
            refused = Rebuild();
        }
        refusals.Add(refused);
        return last;
    }

    /// <summary>What a source told of a peer; null when it holds no longer.</summary>
    public PeerMapping? FindTold(PeerId peer, string source)
    {
        lock (_gate)
            return _told.Find(known => known.IsOf(peer, source))?.Mapping;
    }

    /// <summary>Whether a mapping would hold an address if it were added now.</summary>
    /// <returns>Why not, and who holds it instead; nothing when it would.</returns>
    public RefusedClaim? Judge(PeerMapping mapping, VirtualIp address)
    {
        // What it says of other addresses does not matter here.
        var asked = mapping with { Prefixes = [mapping.Prefixes.Where(prefix => prefix.Contains(address)).MaxBy(static prefix => prefix.Length)] };
        lock (_gate)
        {
            var others = _told.Where(known => !known.IsOf(mapping.Peer, mapping.Source)).Select(static known => known.Mapping);
            return new RoutePlan(self, local, isRegistered, takesUnlisted, others.Append(asked)).Refused.FirstOrDefault(claim => claim.Peer == asked.Peer && claim.Source == asked.Source);
        }
    }

    /// <summary>The route of an address and where it comes from, and the claims to the address that are refused.</summary>
    public (RouteInUse? InUse, IReadOnlyList<RefusedClaim> Refused) Explain(VirtualIp address)
    {
        lock (_gate)
        {
            var inUse = _plan.TryFind(address, out var prefix, out var mapping)
                ? new RouteInUse(prefix, mapping, _told.Find(known => known.IsOf(mapping.Peer, mapping.Source))!.At)
                : null;
            return (inUse, [.. _plan.Refused.Where(claim => claim.Prefix.Contains(address))]);
        }
    }

    // Returns what is refused from now on.
    private IReadOnlyList<RefusedClaim> Rebuild()
    {
        var before = _plan.Refused.ToHashSet();
        _plan = new RoutePlan(self, local, isRegistered, takesUnlisted, _told.Select(static known => known.Mapping));
        var holdings = _plan.Routes.ToLookup(static route => route.Value.Peer, static route => route.Key);
        // A peer that lost all it held is no longer sent anything, but ends only when nothing tells of it any more.
        foreach (var (peer, session) in _sessions)
            session.Mapping = Combine(peer, [.. holdings[peer]]);
        foreach (var holding in holdings)
            if (!_sessions.ContainsKey(holding.Key))
                _sessions[holding.Key] = createSession(Combine(holding.Key, [.. holding]));
        _snapshot = new RouteSnapshot(_plan.Routes.ToDictionary(static route => route.Key, route => _sessions[route.Value.Peer]), isRegistered ? local : null);
        return [.. _plan.Refused.Where(claim => !before.Contains(claim))];
    }

    // What the most trusted source says, with what the peer holds, and the addresses of all sources.
    private PeerMapping Combine(PeerId peer, IReadOnlyList<IpPrefix> prefixes)
    {
        var mappings = _told.Select(static known => known.Mapping).Where(mapping => mapping.Peer == peer).OrderByDescending(static mapping => mapping.Trust).ToList();
        return (mappings.Find(static mapping => mapping.Prefixes.Count > 0) ?? mappings[0]) with { Prefixes = prefixes, Addresses = [.. mappings.SelectMany(static mapping => mapping.Addresses).Distinct().Take(MaxAddresses)] };
    }
}
