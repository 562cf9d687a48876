using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting.Control;

/// <summary>Finds out who holds an address, in the networks of a node that it may belong to.</summary>
public static class AddressResolver
{
    /// <summary>Asks the discovery sources of those networks.</summary>
    /// <param name="node">The node.</param>
    /// <param name="text">The address.</param>
    /// <param name="network">The network; null for all that the address may belong to.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is no address, or no network that runs can have it; the message says which there are.</exception>
    public static async Task<ResolveAnswer> ResolveAsync(SubnetVpnNode node, string text, string? network, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!VirtualIp.TryParse(text, out var address))
            throw Fault($"'{text}' is not an IP address such as 10.0.0.2 or fd00::2. 'subnetvpn peers' lists the peers with their addresses.");
        var asked = Find(node, address, network);
        var resolutions = await Task.WhenAll(asked.Select(candidate => candidate.ResolveAsync(address, cancellationToken)));
        var reports = asked.Zip(resolutions)
            .Where(static pair => pair.Second is not null)
            .Select(static pair => ResolveReport.Make(pair.Second!, pair.First.Configuration.Strategies))
            .ToList();
        if (reports.Count == 0)
            throw Fault("the network was stopped meanwhile.");
        return new ResolveAnswer(address.ToString(), reports.Exists(static report => report.State != ResolveReport.Unresolved), reports);
    }

    private static List<NodeNetwork> Find(SubnetVpnNode node, VirtualIp address, string? name)
    {
        var running = node.Networks.Where(static network => network.Service is not null).ToList();
        if (running.Count == 0)
            throw Fault("no network of the node runs. 'subnetvpn status' tells why.");
        var named = name is null ? running : running.FindAll(network => network.Name == name);
        if (named.Count == 0)
            throw Fault($"no network '{name}' runs. There {(running.Count == 1 ? "is" : "are")}: {string.Join(", ", running.Select(static network => network.Name))}.");
        var candidates = named.FindAll(network => MayHave(network, address));
        return candidates.Count > 0 ? candidates : throw Fault($"{address} is outside {(named.Count == 1 ? "the network" : "every network")}: {string.Join("; ", named.Select(Describe))}. Packets to it do not enter the tunnel.");
    }

    private static bool MayHave(NodeNetwork network, VirtualIp address) =>
        PrefixesOf(network).Concat(network.GetSnapshot().Peers.SelectMany(static peer => peer.Prefixes)).Any(prefix => prefix.Contains(address));

    private static IEnumerable<IpPrefix> PrefixesOf(NodeNetwork network)
    {
        var settings = network.Configuration.Settings;
        return settings.GetSubnets().Concat(settings.Routes);
    }

    private static string Describe(NodeNetwork network) => $"{network.Name} has {string.Join(" and ", PrefixesOf(network).Distinct())}";

    private static VpnException Fault(string message) => new(VpnErrorReason.Control, message);
}
