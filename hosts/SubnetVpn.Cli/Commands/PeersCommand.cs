using System.CommandLine;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn peers</c>: the peers of all networks, each with its state in a sentence.</summary>
internal static class PeersCommand
{
    public static Command Create() => NodeCommand.Create(
        "peers", "Shows the peers of the node and how they are reached.",
        (client, cancellationToken) => client.GetPeersAsync(cancellationToken),
        ControlJson.Api.PeerList, Show);

    private static void Show(IAnsiConsole console, PeerList answer)
    {
        if (answer.Peers.Count == 0)
            console.WriteLine("No peer is known yet: no discovery source has told of one. 'subnetvpn resolve IP' asks all of them who holds an address.");
        var isFirst = true;
        foreach (var peer in answer.Peers)
        {
            if (!isFirst)
                console.WriteLine();
            isFirst = false;
            var facts = new FactSheet();
            facts.Add("peer", peer.Peer);
            facts.Add("network", peer.Network);
            facts.Add("virtual IP", string.Join(", ", peer.VirtualIps));
            if (peer.Routes.Count > 0)
                facts.Add("routes", string.Join(", ", peer.Routes));
            facts.Add("told by", $"{peer.Source} ({peer.Trust})");
            facts.Add("state", StateText.Of(peer.State, peer.Summary));
            facts.Add("circuit", StateText.Of(peer.Circuit.State, peer.Circuit.Summary));
            if (peer.Agent is not null)
                facts.Add("runs", peer.Agent);
            console.Write(facts.Render());
        }
    }
}
