using System.CommandLine;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn reset</c>: forgets the failures of a peer, so that it is tried again at once.</summary>
internal static class ResetCommand
{
    public static Command Create()
    {
        var peer = new Argument<string>("PEER") { Description = "A peer id, or a virtual IP of the peer." };
        var command = NodeCommand.Create(
            "reset", "Closes the circuit breakers of a peer, so that it is tried again at once.",
            (client, result, cancellationToken) => client.ResetPeerAsync(result.GetRequiredValue(peer), cancellationToken),
            ControlJson.Api.PeerReset, Show);
        command.Arguments.Add(peer);
        return command;
    }

    private static void Show(IAnsiConsole console, PeerReset answer)
    {
        var facts = new FactSheet();
        facts.Add("peer", answer.Peer);
        facts.Add("network", string.Join(", ", answer.Networks));
        foreach (var circuit in answer.Circuits)
            facts.Add($"circuit of {circuit.Operation}", $"closed; it was {circuit.Before.Summary}{(answer.Networks.Count > 1 ? $" (network {circuit.Network})" : string.Empty)}");
        if (answer.Circuits.Count == 0)
            facts.Add("circuits", "all were closed, and without failures");
        console.Write(facts.Render());
    }
}
