using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>Where a newcomer can dial the node that invites.</summary>
internal static class BootstrapAddresses
{
    private const int Most = 8;

    /// <summary>Finds the addresses, the best first.</summary>
    /// <param name="configuration">The node's configuration.</param>
    /// <param name="network">The network, whose own addresses lead nowhere for who is not in it.</param>
    /// <param name="status">What the node answered; null when it does not run.</param>
    /// <param name="peer">Who it is.</param>
    /// <param name="wanted">What the user says instead.</param>
    public static IReadOnlyList<string> Find(
        NodeConfiguration configuration, NetworkConfiguration network, NodeStatus? status, PeerId peer, IReadOnlyList<string> wanted)
    {
        if (wanted.Count > 0)
            return [.. wanted.Select(address => Check(BootstrapRules.WithPeer(address, peer)))];
        var announced = status is null ? FromConfiguration(configuration, network) : status.AnnouncedAddresses;
        var addresses = Reachable(announced).Take(Most).Select(address => BootstrapRules.WithPeer(address, peer)).Where(static address => BootstrapRules.FindMistake(address) is null).ToList();
        if (addresses.Count == 0 && network.Strategies.Discovery.Contains("dht"))
            throw Fault(configuration.Listen.Count == 0
                ? "this node only dials: nobody can reach it, so a newcomer could not ask it. Let it listen (node: listen:), or name a member that does: --address /ip4/…/tcp/4001/p2p/PEER"
                : "no address is known at which this node could be dialled. Name one: --address /ip4/…/tcp/4001");
        return addresses;
    }

    // Without a node that runs only the configuration tells: each address of the machine stands for 'any address'.
    private static IEnumerable<string> FromConfiguration(NodeConfiguration configuration, NetworkConfiguration network)
    {
        if (configuration.Listen.FirstOrDefault(static address => address.EndsWith("/tcp/0", StringComparison.Ordinal)) is { } any)
            throw Fault($"the node does not run, and which port '{any}' means is known only when it does. Start it first (subnetvpn start), or name an address: --address /ip4/…/tcp/PORT");
        var own = MachineRanges.ReadAddresses().Where(address => !network.Settings.Addresses.Any(tunnel => tunnel.Subnet.Contains(address))).ToList();
        return configuration.Listen.SelectMany(listen =>
            listen.StartsWith("/ip4/0.0.0.0/", StringComparison.Ordinal) ? own.Where(static address => address.IsIPv4).Select(address => $"/ip4/{address}/{listen["/ip4/0.0.0.0/".Length..]}")
            : listen.StartsWith("/ip6/::/", StringComparison.Ordinal) ? own.Where(static address => !address.IsIPv4).Select(address => $"/ip6/{address}/{listen["/ip6/::/".Length..]}")
            : [listen]);
    }

    // What only this machine, or only this link, understands is of use when there is nothing else.
    private static List<string> Reachable(IEnumerable<string> addresses)
    {
        var all = addresses.Where(static address => !address.StartsWith("/ip6/fe80:", StringComparison.OrdinalIgnoreCase)).ToList();
        var remote = all.FindAll(static address => !address.StartsWith("/ip4/127.", StringComparison.Ordinal) && !address.StartsWith("/ip6/::1/", StringComparison.Ordinal));
        return remote.Count > 0 ? remote : all;
    }

    private static string Check(string address) =>
        BootstrapRules.FindMistake(address) is { } mistake ? throw Fault($"--address '{address}' {mistake}.") : address;

    private static VpnException Fault(string message) => new(VpnErrorReason.Configuration, message);
}
