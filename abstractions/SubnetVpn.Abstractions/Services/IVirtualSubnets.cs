namespace SubnetVpn;

/// <summary>
/// The subnets of all networks of this node. Whoever dials an address in them would go through the node's own tunnels: transports
/// and discovery sources neither announce nor dial such addresses. Injected into strategies. Thread-safe.
/// </summary>
public interface IVirtualSubnets
{
    /// <summary>Whether an address is in one of them now: networks may come and go.</summary>
    /// <param name="address">The address.</param>
    bool Contains(VirtualIp address);
}
