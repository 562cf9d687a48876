using SubnetVpn.Tun;

namespace SubnetVpn.Core.Filtering;

/// <summary>The addresses that this node holds in a network, and which destinations the network carries at all.</summary>
/// <param name="addresses">The addresses.</param>
/// <param name="derived">The IPv6 subnet whose addresses follow from the peer ids; null where they do not.</param>
internal sealed class LocalAddresses(IReadOnlyList<TunAddress> addresses, IpPrefix? derived = null)
{
    private readonly VirtualIp[] _addresses = [.. addresses.Select(address => address.Address)];
    private readonly IpPrefix[] _subnets = [.. addresses.Select(address => address.Subnet)];
    private readonly AddressFilter _filter = new(addresses.Select(address => address.Subnet));

    /// <summary>Whether a peer can hold a prefix: where addresses follow from peer ids, only its own.</summary>
    public bool CanBeOf(PeerId peer, IpPrefix prefix) =>
        derived is not { } subnet || !subnet.Contains(prefix) || (prefix.IsSingleAddress && AutomaticAddress.IsOf(prefix.Address, subnet, peer));

    /// <summary>Whether the address is one of ours.</summary>
    public bool IsOurs(VirtualIp address)
    {
        foreach (var ours in _addresses)
            if (ours == address)
                return true;
        return false;
    }

    /// <summary>Whether the address belongs to a subnet of the network.</summary>
    public bool IsInSubnet(VirtualIp address)
    {
        foreach (var subnet in _subnets)
            if (subnet.Contains(address))
                return true;
        return false;
    }

    /// <summary>Whether the destination is of one host, as far as can be told.</summary>
    public bool IsUnicast(VirtualIp destination) => _filter.IsUnicast(destination);
}
