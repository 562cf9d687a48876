using System.CommandLine;
using System.CommandLine.Parsing;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn wait</c>: returns when the node is running.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var options = new NodeOptions();
        var timeout = new Option<TimeSpan>("--timeout")
        {
            Description = "How long to wait: seconds, or such as 500ms, 30s, 5m.",
            HelpName = "TIME",
            DefaultValueFactory = _ => s_default,
            CustomParser = ParseDuration,
        };
        var command = new Command("wait", "Waits until the node is running.") { timeout };
        options.AddTo(command, withJson: false);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = options.Connect(result);
            await NodeWaiter.WaitAsync(client, result.GetValue(timeout), TimeProvider.System, cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    private static TimeSpan ParseDuration(ArgumentResult argument)
    {
        if (!DurationText.TryParse(argument.Tokens[0].Value, out var duration))
            argument.AddError($"--timeout '{argument.Tokens[0].Value}': {DurationText.Rule}");
        return duration;
    }
}
