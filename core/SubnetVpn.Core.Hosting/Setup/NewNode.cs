namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>What is peculiar to a node that is set up: the rest of its configuration is the same for all.</summary>
public sealed record NewNode
{
    /// <summary>The value of <see cref="VirtualIp"/> that leaves the choice to the node.</summary>
    public const string Auto = "auto";

    /// <summary>The command that sets it up, for the first line of the file.</summary>
    public required string MadeBy { get; init; }

    /// <summary>The network's name; <c>default</c> is the one under <c>vpn:</c>. Default: <c>default</c>.</summary>
    public string Network { get; init; } = "default";

    /// <summary>The network's IPv4 subnet; null for a network without.</summary>
    public required IpPrefix? Subnet { get; init; }

    /// <summary>The network's IPv6 subnet; null for the one that follows from the network's key.</summary>
    public IpPrefix? Subnet6 { get; init; }

    /// <summary>The node's IPv4 address, or <see cref="Auto"/>. Default: <see cref="Auto"/>.</summary>
    public string VirtualIp { get; init; } = Auto;

    /// <summary>Where it listens. Default: TCP port 4001 of every address.</summary>
    public IReadOnlyList<string> Listen { get; init; } = DefaultListen;

    /// <summary>Peers to ask first. Default: none.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary>The protocol id of the hash table; null for the usual one.</summary>
    public string? DhtProtocol { get; init; }

    /// <summary>TCP port 4001 of every address, IPv4 and IPv6.</summary>
    public static IReadOnlyList<string> DefaultListen { get; } = ["/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001"];
}
