using System.Collections.Frozen;
using SubnetVpn.Discovery;

namespace SubnetVpn.Registry.Static;

/// <summary>Who may hold what, as the file says at one moment. Immutable.</summary>
internal sealed class RegistryTable
{
    private readonly FrozenDictionary<VirtualIp, PeerId> _addresses;
    private readonly RegistryEntry[] _subnets;

    public RegistryTable(IReadOnlyList<RegistryEntry> entries)
    {
        _addresses = entries.Where(static entry => entry.Prefix.IsSingleAddress).ToFrozenDictionary(static entry => entry.Prefix.Address, static entry => entry.Peer);
        _subnets = [.. entries.Where(static entry => !entry.Prefix.IsSingleAddress)];
    }

    public PeerMapping? Find(VirtualIp address)
    {
        if (_addresses.TryGetValue(address, out var peer))
            return Mapping(peer, new IpPrefix(address, address.BitLength), SubnetOf(address));
        return SubnetOf(address) is { } subnet ? Mapping(subnet.Peer, subnet.Prefix, null) : null;
    }

    // The widest: those inside it are of the same peer.
    private RegistryEntry? SubnetOf(VirtualIp address)
    {
        RegistryEntry? widest = null;
        foreach (var subnet in _subnets)
            if (subnet.Prefix.Contains(address) && (widest is null || subnet.Prefix.Length < widest.Value.Prefix.Length))
                widest = subnet;
        return widest;
    }

    private static PeerMapping Mapping(PeerId peer, IpPrefix prefix, RegistryEntry? subnet) => new()
    {
        Peer = peer,
        Prefixes = subnet is { } wider ? [prefix, wider.Prefix] : [prefix],
        Source = "registry",
        Trust = MappingTrust.Authoritative,
    };
}
