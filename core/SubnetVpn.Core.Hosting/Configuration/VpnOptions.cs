namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>
/// A network: the section <c>vpn:</c>, or one under <c>networks:</c>. The keys are the property names in snake case.
/// Durations are whole seconds, or such as <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>00:00:30</c>.
/// </summary>
public sealed partial class VpnOptions
{
    /// <summary>Whether the network runs. A network that does not run is not validated beyond its keys. Default: true.</summary>
    public bool Enable { get; set; } = true;

    /// <summary>
    /// This node's IPv4 address in the network, or <c>auto</c>: the node chooses a free one of <c>subnet</c>, the same every time while
    /// nobody else holds it. At least one of <c>virtual_ip</c> and <c>virtual_ip6</c> is needed.
    /// </summary>
    public string? VirtualIp { get; set; }

    /// <summary>The network's IPv4 subnet: a CIDR such as <c>10.0.0.0/24</c>, or its length alone. With <c>virtual_ip: auto</c> a CIDR. Default: 8.</summary>
    public string Subnet { get; set; } = "8";

    /// <summary>
    /// This node's IPv6 address in the network, or <c>auto</c>: it follows from the peer id, and nobody else can hold it. Then it must be
    /// <c>auto</c> on all nodes of the network.
    /// </summary>
    public string? VirtualIp6 { get; set; }

    /// <summary>The network's IPv6 subnet: a CIDR such as <c>fd00:1::/64</c>, or its length alone. With
    /// <c>virtual_ip6: auto</c> a CIDR, or left out: then a /64 of unique local addresses that follows from the network's name. Default: 64.</summary>
    public string Subnet6 { get; set; } = "64";

    /// <summary>The name of the TUN device, at most 15 bytes. Default: the system chooses.</summary>
    public string? TunName { get; set; }

    /// <summary>The MTU of the TUN device: 576 to 9000 bytes, at least 1280 with IPv6. Default: 1400.</summary>
    public int Mtu { get; set; } = 1400;

    /// <summary>Destinations that go to the TUN device, as CIDRs, beside the subnets. Default: none.</summary>
    public IReadOnlyList<string> Routes { get; set; } = [];

    /// <summary>TCP and UDP ports that are not reached through the network, in either direction. Default: none.</summary>
    public IReadOnlyList<string> UnallowedPorts { get; set; } = [];

    /// <summary>The protocol id of the original wire format. Default: <c>/vpn/1.0.0</c>; <c>/vpn/1.0.0/NAME</c> for a network under <c>networks:</c>.</summary>
    public string? Protocol { get; set; }

    /// <summary>
    /// Who may join: the file of a key that all members hold (32 bytes in base64, mode 0600; made by <c>subnetvpn keygen --network</c>;
    /// relative to the configuration file), or the word <c>open</c>: anyone. Default: none, only peers that are listed and addresses that
    /// are registered are let in.
    /// </summary>
    public string? NetworkKey { get; set; }

    /// <summary>What the network is composed of.</summary>
    public StrategyOptions Strategies { get; set; } = new();
}
