namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

/// <summary>Of a node without networks.</summary>
internal sealed class NoSubnets : IVirtualSubnets
{
    public static NoSubnets Instance { get; } = new();

    public bool Contains(VirtualIp address) => false;
}
