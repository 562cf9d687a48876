using System.CommandLine;
using SubnetVpn.Core.Hosting.CommandLine;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn stop</c>: ends a node and waits until it is gone.</summary>
internal static class StopCommand
{
    // A node promises to be gone within 5 s.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var options = new NodeOptions();
        var command = new Command("stop", "Ends the node, and waits until it is gone.");
        options.AddTo(command, withJson: false);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = options.Connect(result);
            await client.StopAsync(s_limit, TimeProvider.System, cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }
}
