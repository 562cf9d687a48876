using System.Collections.Frozen;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Filtering;

namespace SubnetVpn.Core.Routing;

/// <summary>Which peer holds an address, at one moment: immutable, read without locks.</summary>
internal sealed class RouteSnapshot
{
    public static readonly RouteSnapshot Empty = new(new Dictionary<IpPrefix, PeerSession>());

    private readonly FrozenDictionary<VirtualIp, PeerSession> _addresses;
    private readonly (IpPrefix Prefix, PeerSession Peer)[] _prefixes;

    private readonly LocalAddresses? _exact;

    /// <param name="routes">Who holds what.</param>
    /// <param name="exact">Whose subnets' addresses have a route of their own or none: a registry gives them out one by one. Null for no such.</param>
    public RouteSnapshot(IReadOnlyDictionary<IpPrefix, PeerSession> routes, LocalAddresses? exact = null)
    {
        _exact = exact;
        _addresses = routes.Where(route => route.Key.IsSingleAddress).ToFrozenDictionary(route => route.Key.Address, route => route.Value);
        _prefixes = [.. routes.Where(route => !route.Key.IsSingleAddress).OrderByDescending(route => route.Key.Length).Select(route => (route.Key, route.Value))];
    }

    /// <summary>The peer of the most specific route, or null.</summary>
    public PeerSession? Find(VirtualIp address)
    {
        if (_addresses.TryGetValue(address, out var peer))
            return peer;
        if (_exact is not null && _exact.IsInSubnet(address))
            return null;
        foreach (var (prefix, holder) in _prefixes)
            if (prefix.Contains(address))
                return holder;
        return null;
    }
}
