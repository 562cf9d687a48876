using System.CommandLine;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn status</c>: the node and its networks, with every counter that is not 0.</summary>
internal static class StatusCommand
{
    public static Command Create() => NodeCommand.Create(
        "status", "Shows what the node is doing. Non-zero when it is not running.",
        (client, cancellationToken) => client.GetStatusAsync(cancellationToken),
        ControlJson.Api.NodeStatus, Show,
        status => status.State == "running" ? ExitCode.Success : ExitCode.Failure);

    private static void Show(IAnsiConsole console, NodeStatus status)
    {
        var facts = new FactSheet();
        facts.Add("node", status.PeerId);
        facts.Add("state", StateText.Of(status.State));
        facts.Add("version", status.Version);
        facts.Add("running for", HumanText.Duration(TimeSpan.FromSeconds(status.UptimeSeconds)));
        facts.Add("process", $"{status.Pid}");
        facts.Add("listens on", status.ListenAddresses.Count == 0 ? "nothing (it only dials)" : string.Join('\n', status.ListenAddresses));
        facts.Add("transport", $"{status.Transport.Name}, {HumanText.Count(status.Transport.Connections, "connection")}");
        facts.AddCounters(status.Transport.Counters);
        console.Write(facts.Render());
        foreach (var network in status.Networks)
        {
            console.WriteLine();
            console.Write(Describe(network).Render());
        }
    }

    private static FactSheet Describe(NetworkStatus network)
    {
        var counters = network.Counters;
        var facts = new FactSheet();
        facts.Add("network", network.Name);
        facts.Add("state", StateText.Of(network.State, network.Error is null ? null : $"{network.State}: {network.Error}"));
        facts.Add("virtual IP", string.Join(", ", network.Addresses.Select(Describe)));
        if (network.AddressConflict is { } conflict)
            facts.Add("address conflict", $"{conflict.At.LocalDateTime:yyyy-MM-dd HH:mm:ss}: {conflict.Summary}");
        facts.Add("TUN device", network.Tun is null ? "none" : $"{network.Tun}, MTU {network.Mtu}, offloads: {(network.Offloads.Count == 0 ? "none" : string.Join(", ", network.Offloads))}");
        facts.Add("peers", $"{network.Peers.Connected} connected of {network.Peers.Known} known");
        facts.Add("sent", $"{HumanText.Count(counters.PacketsSent, "packet")}, {HumanText.Bytes(counters.BytesSent)}");
        facts.Add("received", $"{HumanText.Count(counters.PacketsReceived, "packet")}, {HumanText.Bytes(counters.BytesReceived)}");
        facts.Add("streams", $"{counters.ActiveStreams} open ({counters.StreamsCreated} opened, {counters.StreamsClosed} closed), {HumanText.Count(counters.ActiveFlows, "flow")}");
        facts.AddCounters(counters.DroppedOutbound, "dropped, outbound");
        facts.AddCounters(counters.DroppedInbound, "dropped, inbound");
        facts.AddCounters(counters.StreamErrors, "stream errors");
        return facts;
    }

    private static string Describe(AddressStatus address) => !address.Automatic ? address.Address
        : address.MovedFrom.Count == 0 ? $"{address.Address} (automatic)"
        : $"{address.Address} (automatic, before: {string.Join(", ", address.MovedFrom)})";
}
