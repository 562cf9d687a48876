using System.Collections.Frozen;
using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Core.Routing;

/// <summary>Which peer holds an address, at one moment: immutable, read without locks.</summary>
internal sealed class RouteSnapshot
{
    public static readonly RouteSnapshot Empty = new(new Dictionary<IpPrefix, PeerSession>());

    private readonly FrozenDictionary<VirtualIp, PeerSession> _addresses;
    private readonly (IpPrefix Prefix, PeerSession Peer)[] _prefixes;

    public RouteSnapshot(IReadOnlyDictionary<IpPrefix, PeerSession> routes)
    {
        _addresses = routes.Where(route => route.Key.IsSingleAddress).ToFrozenDictionary(route => route.Key.Address, route => route.Value);
        _prefixes = [.. routes.Where(route => !route.Key.IsSingleAddress).OrderByDescending(route => route.Key.Length).Select(route => (route.Key, route.Value))];
    }

    /// <summary>The peer of the most specific route, or null.</summary>
    public PeerSession? Find(VirtualIp address)
    {
        if (_addresses.TryGetValue(address, out var peer))
            return peer;
        foreach (var (prefix, holder) in _prefixes)
            if (prefix.Contains(address))
                return holder;
        return null;
    }
}
