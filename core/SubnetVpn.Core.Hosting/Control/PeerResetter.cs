using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting.Control;

/// <summary>Closes the circuit breakers of a peer by hand, in all networks of a node.</summary>
public static class PeerResetter
{
    /// <summary>Resets a peer.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">A peer id, or a virtual IP of the peer.</param>
    /// <param name="now">The time, for the report.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: there is no such peer; the message says which there are.</exception>
    public static PeerReset Reset(SubnetVpnNode node, string name, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(name);
        var peer = Find(node, name);
        var results =
            (from network in node.Networks
             let circuits = network.ResetPeer(peer)
             where circuits is not null
             select (network.Name, Circuits: circuits)).ToList();
        if (results.Count == 0)
            throw Unknown(node, name);
        return new PeerReset(
            peer.ToString(),
            [.. results.Select(result => result.Name)],
            [.. from result in results
                from circuit in result.Circuits
                orderby circuit.Key.Operation
                select new ResetCircuit(result.Name, circuit.Key.Operation, CircuitReport.Make(circuit.Value, now))]);
    }

    private static PeerId Find(SubnetVpnNode node, string name)
    {
        if (PeerId.TryParse(name, out var peer))
            return peer;
        if (!VirtualIp.TryParse(name, out var address))
            throw new VpnException(VpnErrorReason.Control, $"'{name}' is neither a peer id nor a virtual IP. 'subnetvpn peers' lists the peers.");
        var holder = node.GetSnapshot().Networks.SelectMany(network => network.Peers)
            .Where(candidate => candidate.Prefixes.Any(prefix => prefix.Contains(address)))
            .MaxBy(candidate => candidate.Prefixes.Where(prefix => prefix.Contains(address)).Max(prefix => prefix.Length));
        return holder?.Peer ?? throw Unknown(node, name);
    }

    private static VpnException Unknown(SubnetVpnNode node, string name)
    {
        var known = node.GetSnapshot().Networks.Sum(network => network.Peers.Count);
        var hint = known == 0
            ? "No peer is known yet: no discovery source has told of one."
            : $"{HumanText.Count(known, "peer")} {(known == 1 ? "is" : "are")} known; 'subnetvpn peers' lists them.";
        return new VpnException(VpnErrorReason.Control, $"no peer '{name}' is known to a network that runs. {hint}");
    }
}
