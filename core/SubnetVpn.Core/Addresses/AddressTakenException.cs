namespace SubnetVpn.Core.Addresses;

/// <summary>A network does not start, because somebody else holds the address that was chosen for this node. Another one may be free.</summary>
/// <param name="address">The address.</param>
/// <param name="rival">Who holds it, and who says so.</param>
/// <param name="network">The network's name.</param>
public sealed class AddressTakenException(VirtualIp address, AddressRival rival, string network)
    : VpnException(VpnErrorReason.Discovery, $"network {network} cannot start with the virtual IP {address}: {rival?.Peer} holds it, as {rival?.Source} says.")
{
    /// <summary>The address.</summary>
    public VirtualIp Address => address;

    /// <summary>Who holds it.</summary>
    public AddressRival Rival => rival;
}
