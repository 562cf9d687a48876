using System.CommandLine;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn resolve</c>: who holds a virtual IP, by each discovery source and by what the node uses.</summary>
internal static class ResolveCommand
{
    public static Command Create()
    {
        var address = new Argument<string>("IP") { Description = "A virtual IP, such as 10.0.0.2." };
        address.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !VirtualIp.TryParse(text, out _))
                result.AddError($"'{text}' is not an IP address such as 10.0.0.2 or fd00::2. 'subnetvpn peers' lists the peers with their addresses.");
        });
        var network = new Option<string?>("--network") { Description = "Ask this network alone. Default: all that the address may belong to.", HelpName = "NAME" };
        var command = NodeCommand.Create(
            "resolve", "Asks every discovery source who holds a virtual IP, and shows what the node uses.",
            (client, result, cancellationToken) => client.ResolveAsync(result.GetRequiredValue(address), result.GetValue(network), cancellationToken),
            ControlJson.Api.ResolveAnswer, Show, static answer => answer.Resolved ? ExitCode.Success : ExitCode.Failure);
        command.Arguments.Add(address);
        command.Options.Add(network);
        return command;
    }

    private static void Show(IAnsiConsole console, ResolveAnswer answer)
    {
        var isFirst = true;
        foreach (var network in answer.Networks)
        {
            if (!isFirst)
                console.WriteLine();
            isFirst = false;
            var facts = new FactSheet();
            facts.Add("address", answer.Address);
            facts.Add("network", network.Network);
            facts.Add("state", network.Summary);
            if (network.Route is { } route)
                AddRoute(facts, route);
            if (network.Registry is { } registry)
                facts.Add($"registry {registry.Source}", $"{registry.Summary} ({string.Join(", ", Details(registry))})");
            foreach (var source in network.Sources)
                facts.Add($"asked {source.Source}", $"{source.Summary} ({string.Join(", ", Details(source))})");
            foreach (var refused in network.Refused)
                facts.Add("refused", refused.Summary);
            console.Write(facts.Render());
        }
    }

    private static void AddRoute(FactSheet facts, ResolvedRoute route)
    {
        facts.Add("peer", route.Peer);
        facts.Add("holds", route.Prefix);
        facts.Add("dialled at", route.Addresses.Count > 0 ? string.Join(", ", route.Addresses) : "no address is known, so it has to dial this node");
        facts.Add("told by", $"{route.Source} ({route.Trust}), {Text(route.AgeSeconds)} ago; {Until(route.TimeToLiveSeconds)}");
    }

    private static IEnumerable<string> Details(SourceReply source)
    {
        yield return $"took {Text(source.TookMilliseconds / 1000)}";
        if (source.Peer is null)
            yield break;
        yield return $"trust {source.Trust}";
        if (source.AgeSeconds is { } age)
            yield return $"said {Text(age)} ago";
        yield return Until(source.TimeToLiveSeconds);
    }

    private static string Until(double? seconds) => seconds is { } time ? $"holds for {Text(time)}" : "holds until it is taken back";

    private static string Text(double seconds) => HumanText.Duration(TimeSpan.FromSeconds(seconds));
}
