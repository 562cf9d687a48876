using System.CommandLine;
using SubnetVpn.Cli.Background;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn init</c>: writes what the first node of a new network needs.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var options = new StartOptions();
        var network = new Option<string>("--network") { Description = "The network's name, the same on all members.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var subnet = new Option<string?>("--subnet") { Description = "The network's IPv4 subnet. Default: a /24 of 10.0.0.0/8 by chance that this machine does not use.", HelpName = "CIDR" };
        var address = new Option<string>("--virtual-ip") { Description = "This node's address in it.", HelpName = "ADDRESS|auto", DefaultValueFactory = _ => NewNode.Auto };
        var listen = SetupOptions.Listen();
        var force = SetupOptions.Force();
        var start = new Option<bool>("--start") { Description = "Start the node in the background." };
        var command = new Command("init", "Makes a new private network and its first node: configuration, identity and network key.")
        {
            network, subnet, address, listen, force, start,
        };
        options.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var files = NodeFiles.For(result.GetValue(options.Config));
            var node = SetupOptions.NewNetwork(result.GetRequiredValue(network), result.GetValue(subnet), result.GetRequiredValue(address), result.GetValue(listen)!);
            await SetupReport.WriteAsync(node, files, default, result.GetValue(force));
            if (result.GetValue(options.Foreground))
                throw ForegroundDaemon.Become(files.Configuration);
            if (result.GetValue(start))
            {
                var launcher = new NodeLauncher(files, TimeProvider.System);
                launcher.Show(await launcher.StartAsync(result.GetValue(options.Timeout), cancellationToken));
                await Console.Out.WriteLineAsync($"\nNext: 'subnetvpn invite{NodeSetup.ConfigOption(files)}' prints a token, with which another machine joins: subnetvpn join TOKEN");
            }
            else
            {
                await Console.Out.WriteLineAsync($"\nNext: start it with 'subnetvpn start{NodeSetup.ConfigOption(files)}', then 'subnetvpn invite{NodeSetup.ConfigOption(files)}' prints a token for another machine.");
            }
            return ExitCode.Success;
        });
        return command;
    }
}
