using System.CommandLine;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Commands;

/// <summary>Options of the commands that set up a node, and what is made of them.</summary>
internal static class SetupOptions
{
    public static Option<string[]> Listen() => new("--listen")
    {
        Description = "Where the node listens, such as /ip4/0.0.0.0/tcp/4001. May be repeated. Default: TCP port 4001 of every address.",
        HelpName = "MULTIADDR",
        DefaultValueFactory = _ => [],
    };

    public static Option<bool> Force() => new("--force") { Description = "Replace configuration, identity and network key that are there: the old ones are lost." };

    public static NewNode NewNetwork(string network, string? subnet, string address, IReadOnlyList<string> listen) => new()
    {
        MadeBy = "subnetvpn init",
        Network = network,
        Subnet = SetupRules.ReadSubnet(subnet) ?? FreeSubnet.Choose(MachineRanges.Read()),
        VirtualIp = address,
        Listen = listen.Count > 0 ? listen : NewNode.DefaultListen,
    };
}
