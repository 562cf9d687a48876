using System.CommandLine;
using SubnetVpn.Cli.Commands;
using SubnetVpn.Core.Hosting.CommandLine;

namespace SubnetVpn.Cli;

/// <summary>The command line of <c>subnetvpn</c>.</summary>
internal static class CliCommand
{
    // How long the demo may take to clean up after a signal.
    private static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Sets up SubnetVpn nodes, starts and stops them, asks them what they do, and shows in a demo what that is.")
        {
            CommonOptions.LogLevel,
            InitCommand.Create(),
            InviteCommand.Create(),
            JoinCommand.Create(),
            StartCommand.Create(),
            StopCommand.Create(),
            KeygenCommand.Create(),
            StatusCommand.Create(),
            PeersCommand.Create(),
            StreamsCommand.Create(),
            ResolveCommand.Create(),
            PluginsCommand.Create(),
            MetricsCommand.Create(),
            ResetCommand.Create(),
            WaitCommand.Create(),
            ReloadCommand.Create(),
            DemoCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"error: {error.Message}");
            await Console.Error.WriteLineAsync("Run 'subnetvpn --help' for the usage.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_cleanUpLimit });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("error: interrupted.");
            return ExitCode.Failure;
        }
        catch (Exception exception)
        {
            return FaultReport.Write(exception, Console.Error, CommonOptions.WantsDetails(parsed));
        }
    }
}
