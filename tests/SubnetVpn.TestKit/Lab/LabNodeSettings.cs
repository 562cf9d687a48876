namespace SubnetVpn.TestKit.Lab;

/// <summary>What a test chooses of a node's configuration. Everything else has the product's defaults.</summary>
public sealed record LabNodeSettings
{
    public required string VirtualIp { get; init; }

    public required string VirtualIp6 { get; init; }

    public string Subnet { get; init; } = "10.77.0.0/24";

    public int Port { get; init; } = 4001;

    public int Mtu { get; init; } = 1400;

    /// <summary>Whether the wire's IPv6 addresses are listened on and dialled, instead of its IPv4 ones.</summary>
    public bool UseIpv6Wire { get; init; }

    /// <summary>Whether it listens on every address of its machine, instead of the wire's alone.</summary>
    public bool ListenAnywhere { get; init; }

    /// <summary>The network's name; without one it is what stands under <c>vpn:</c>, <c>default</c>.</summary>
    public string? Network { get; init; }

    /// <summary>More lines for <c>vpn:</c>, such as <c>unallowed_ports: [22]</c>.</summary>
    public IReadOnlyList<string> Vpn { get; init; } = [];

    /// <summary>More lines for <c>plugins:</c>, such as <c>tun.linux: { offload: false }</c>.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    public static LabNodeSettings Number(int number) => new() { VirtualIp = $"10.77.0.{number}", VirtualIp6 = $"fd77::{number}" };
}
