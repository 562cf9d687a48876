using System.CommandLine;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Configuration;

namespace SubnetVpn.Daemon;

/// <summary>The command line of <c>subnetvpnd</c>.</summary>
internal static class DaemonCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var config = new Option<string>("--config", "-c") { Description = "The configuration file (YAML).", Required = true, HelpName = "FILE" };
        var check = new Option<bool>("--check") { Description = "Check configuration and plugins, tell every mistake, start nothing." };
        var set = new Option<string[]>("--set") { Description = "Override a key of the configuration, such as vpn:mtu=1300. May be repeated.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
        var level = new Option<LogLevel>("--log-level") { Description = "How much to log to stderr.", DefaultValueFactory = _ => LogLevel.Information };
        var root = new RootCommand("Runs a SubnetVpn node in the foreground. SIGTERM or SIGINT ends it.") { config, check, set, level };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"error: {error.Message}");
            await Console.Error.WriteLineAsync("Run 'subnetvpnd --help' for the usage.");
            return ExitCode.Usage;
        }
        root.SetAction(async (result, _) =>
        {
            var inputs = new ConfigurationInputs
            {
                File = result.GetRequiredValue(config),
                Environment = ConfigurationInputs.ProcessEnvironment(),
                Overrides = result.GetRequiredValue(set),
            };
            var runner = new NodeRunner(inputs, result.GetRequiredValue(level));
            return result.GetValue(check) ? await runner.CheckAsync() : await runner.RunAsync();
        });
        // Signals are the runner's: it undoes everything and then returns.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }
}
