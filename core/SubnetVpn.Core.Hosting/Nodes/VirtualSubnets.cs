namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>The subnets of a node's networks, whether they run or not.</summary>
/// <param name="networks">The networks as they are now.</param>
internal sealed class VirtualSubnets(Func<IReadOnlyList<NodeNetwork>> networks) : IVirtualSubnets
{
    /// <inheritdoc/>
    public bool Contains(VirtualIp address) =>
        networks().Any(network => network.Configuration.Settings.GetSubnets().Any(subnet => subnet.Contains(address)));
}
