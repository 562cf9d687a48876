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

    /// <summary>
    /// Those of <see cref="VirtualIps"/> that this node chose by itself (<c>virtual_ip: auto</c>). That another peer holds one of them is no
    /// mistake of the operator: the host finds out, and takes another. Default: none.
    /// </summary>
    public IReadOnlyList<VirtualIp> AutomaticIps { get; init; } = [];

    /// <summary>The subnets of the network, one per family in use.</summary>
    public required IReadOnlyList<IpPrefix> Subnets { get; init; }

    /// <summary>
    /// What the members have in common: records that are sealed or named with a key derived from it concern only them. When the network
    /// has no secret, it is that of an open network with its name. Default: the latter.
    /// </summary>
    public NetworkKey Key { get => field ?? NetworkKey.Open(Name); init; }

    /// <summary>The MTU of the network's TUN device in bytes: 576 to 9000.</summary>
    public required int Mtu { get; init; }

    /// <summary>
    /// Where this node's transport listens, as multiaddresses with the real ports, such as <c>/ip4/0.0.0.0/tcp/4001</c>: what a
    /// discovery tells others to dial, once it has put the machine's addresses in place of <c>0.0.0.0</c> and <c>::</c>.
    /// Empty when the node only dials, and while a configuration is only checked. Default: empty.
    /// </summary>
    public IReadOnlyList<string> ListenAddresses { get; init; } = [];
}
