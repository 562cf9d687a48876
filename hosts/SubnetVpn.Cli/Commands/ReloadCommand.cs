using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn reload</c>: has the node read its configuration again, and tells what came of it.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var options = new NodeOptions();
        var restart = new Option<bool>("--restart") { Description = "Restart the networks whose changes need it; start new ones, stop those that are gone. Others are not touched." };
        var command = new Command("reload", "Has the node read its configuration again. A wrong one changes nothing, and every mistake is told.") { restart };
        options.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = options.Connect(result);
            var answer = await client.ReloadAsync(result.GetValue(restart), cancellationToken);
            if (options.WantsJson(result))
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(answer, ControlJson.Api.ReloadResult));
            else
                Show(Screen.Create(), answer);
            foreach (var fault in answer.Failed)
                await Console.Error.WriteLineAsync($"error: network {fault.Network}: {fault.Error}");
            if (answer.Error is not null)
                await Console.Error.WriteLineAsync($"error: {answer.Error}");
            return answer.Outcome switch
            {
                ReloadReporter.Rejected => ExitCode.Usage,
                ReloadReporter.Failed => ExitCode.Failure,
                _ => ExitCode.Success,
            };
        });
        return command;
    }

    private static void Show(IAnsiConsole console, ReloadResult answer)
    {
        if (answer.Outcome == "unchanged")
            console.WriteLine("Nothing changed.");
        foreach (var key in answer.Applied)
            console.WriteLine($"applied: {key}");
        foreach (var (title, networks) in new[] { ("restarted", answer.Restarted), ("started", answer.Started), ("stopped", answer.Stopped) })
            foreach (var network in networks)
                console.WriteLine($"{title}: network {network}");
        foreach (var change in answer.NeedsRestart)
            console.WriteLine($"needs a restart of {(change.Network is null ? "the node" : $"network {change.Network}")}: {change.Key}");
        if (answer.NeedsRestart.Any(static change => change.Network is not null) && answer.Failed.Count == 0)
            console.WriteLine("Restart these networks with: subnetvpn reload --restart");
    }
}
