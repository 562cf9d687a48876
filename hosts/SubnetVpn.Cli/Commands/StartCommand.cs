using System.CommandLine;
using SubnetVpn.Cli.Background;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn start</c>: starts the node of a configuration in the background.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var options = new StartOptions();
        var command = new Command("start", "Starts the node of a configuration in the background, and waits until it runs.");
        options.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var files = NodeFiles.For(result.GetValue(options.Config));
            if (result.GetValue(options.Foreground))
                throw ForegroundDaemon.Become(files.Configuration);
            var launcher = new NodeLauncher(files, TimeProvider.System);
            launcher.Show(await launcher.StartAsync(result.GetValue(options.Timeout), cancellationToken));
            return ExitCode.Success;
        });
        return command;
    }
}
