namespace SubnetVpn;

/// <summary>What the strategies of a network know of it. Immutable; injected into strategies of a network's scope.</summary>
public sealed record NetworkContext
{
    /// <summary>The network's name; <c>default</c> for the one that stands under <c>vpn:</c>.</summary>
    public required string Name { get; init; }

    /// <summary>This node's peer id.</summary>
    public required PeerId LocalPeer { get; init; }

    /// <summary>The addresses this node holds in the network: at most one IPv4 and one IPv6.</summary>
    public required IReadOnlyList<VirtualIp> VirtualIps { get; init; }

    /// <summary>The subnets of the network, one per family in use.</summary>
    public required IReadOnlyList<IpPrefix> Subnets { get; init; }

    /// <summary>The MTU of the network's TUN device in bytes: 576 to 9000.</summary>
    public required int Mtu { get; init; }
}
