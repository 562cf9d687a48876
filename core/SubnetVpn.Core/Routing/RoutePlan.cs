using System.Diagnostics.CodeAnalysis;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Filtering;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>Which peer holds what, where several mappings are told: pure, the same for the same mappings in the same order.</summary>
/// <remarks>
/// <para>The more trusted mapping holds what it claims: an address, or a subnet with all that is in it. Among equally trusted
/// ones the first that came holds it; a longer prefix is no rival of a shorter one then.</para>
/// <para>Nobody holds an address of ours, and only <see cref="MappingTrust.Member"/> and above hold subnets and addresses
/// outside the network's subnets: a stranger's signature says who speaks, and not what belongs to him. In a network without a key
/// and without a registry a stranger holds nothing at all.</para>
/// </remarks>
internal sealed class RoutePlan
{
    private readonly LocalAddresses _local;
    private readonly PeerId _self;
    private readonly bool _isRegistered;
    private readonly bool _takesUnlisted;
    private readonly Dictionary<IpPrefix, PeerMapping> _routes = [];
    private readonly List<(IpPrefix Prefix, PeerMapping Mapping)> _subnets = [];
    private readonly List<RefusedClaim> _refused = [];

    /// <param name="self">This node.</param>
    /// <param name="local">Its addresses and subnets.</param>
    /// <param name="isRegistered">Whether a registry gives out the addresses of those subnets, one by one: no wider route holds one then.</param>
    /// <param name="takesUnlisted">Whether a peer is let in that only a source below <see cref="MappingTrust.Member"/> tells of: the network has a key, or a registry.</param>
    /// <param name="mappings">What is told, in the order in which it came.</param>
    public RoutePlan(PeerId self, LocalAddresses local, bool isRegistered, bool takesUnlisted, IEnumerable<PeerMapping> mappings)
    {
        (_self, _local, _isRegistered, _takesUnlisted) = (self, local, isRegistered, takesUnlisted);
        // OrderByDescending is stable: among equals, the first that came.
        foreach (var mapping in mappings.OrderByDescending(static mapping => mapping.Trust))
            foreach (var prefix in mapping.Prefixes)
                Add(prefix, mapping);
    }

    /// <summary>Who holds what.</summary>
    public IReadOnlyDictionary<IpPrefix, PeerMapping> Routes => _routes;

    /// <summary>What was claimed in vain.</summary>
    public IReadOnlyList<RefusedClaim> Refused => _refused;

    /// <summary>The most specific route that holds an address.</summary>
    public bool TryFind(VirtualIp address, out IpPrefix prefix, [NotNullWhen(true)] out PeerMapping? mapping)
    {
        prefix = new IpPrefix(address, address.BitLength);
        if (_routes.TryGetValue(prefix, out mapping))
            return true;
        if (_isRegistered && _local.IsInSubnet(address))
            return false;
        (prefix, mapping) = _subnets.Where(subnet => subnet.Prefix.Contains(address)).OrderByDescending(static subnet => subnet.Prefix.Length).FirstOrDefault();
        return mapping is not null;
    }

    private void Add(IpPrefix prefix, PeerMapping mapping)
    {
        var (reason, holder) = Judge(prefix, mapping);
        if (reason is { } refusal)
        {
            _refused.Add(new RefusedClaim(prefix, mapping.Peer, mapping.Source, mapping.Trust, refusal, holder));
            return;
        }
        if (_routes.TryAdd(prefix, mapping) && !prefix.IsSingleAddress)
            _subnets.Add((prefix, mapping));
    }

    private (MappingRefusal? Reason, PeerId? Holder) Judge(IpPrefix prefix, PeerMapping mapping)
    {
        if (mapping.Peer == _self)
            return (MappingRefusal.NamesThisNode, null);
        if (prefix.IsSingleAddress && _local.IsOurs(prefix.Address))
            return (MappingRefusal.OurAddress, _self);
        if (mapping.Trust < MappingTrust.Member && !(prefix.IsSingleAddress && _local.IsInSubnet(prefix.Address)))
            return (MappingRefusal.NotTrusted, null);
        if (mapping.Trust < MappingTrust.Authoritative && !_local.CanBeOf(mapping.Peer, prefix))
            return (MappingRefusal.NotDerived, null);
        var isHeld = _routes.TryGetValue(prefix, out var rival);
        if (isHeld && rival!.Peer == mapping.Peer)
            return default;
        if (mapping.Trust < MappingTrust.Member && !_takesUnlisted)
            return (MappingRefusal.NotAMember, null);
        if (isHeld)
            return (rival!.Trust > mapping.Trust ? MappingRefusal.LessTrusted : MappingRefusal.HeldAlready, rival.Peer);
        foreach (var (subnet, holder) in _subnets)
            if (holder.Trust > mapping.Trust && holder.Peer != mapping.Peer && subnet.Contains(prefix))
                return (MappingRefusal.LessTrusted, holder.Peer);
        return default;
    }
}
