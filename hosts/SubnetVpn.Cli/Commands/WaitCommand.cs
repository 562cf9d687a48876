using System.CommandLine;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn wait</c>: returns when the node is running.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var options = new NodeOptions();
        var timeout = DurationOption.Create("--timeout", "How long to wait", s_default);
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
}
