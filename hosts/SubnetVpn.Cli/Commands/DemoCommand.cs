using System.CommandLine;
using SubnetVpn.Cli.Demo;
using SubnetVpn.Cli.Output;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn demo</c>: two nodes on this machine, a ping and a transfer between them.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var inProcess = new Option<bool>("--in-process") { Description = "Do not use real TUN devices, even where that is possible." };
        var size = new Option<int?>("--size") { Description = "How much to transfer each way, in MiB. Default: 256 with real TUN devices, 32 without.", HelpName = "MIB" };
        size.Validators.Add(result =>
        {
            if (result.GetValue(size) is < 1 or > 1024)
                result.AddError("--size must be 1 to 1024.");
        });
        var command = new Command("demo", "Runs two nodes on this machine, a ping and a transfer between them, and cleans up.") { inProcess, size };
        command.SetAction((result, cancellationToken) =>
            new DemoRunner(new DemoScreen(Screen.Create()), TimeProvider.System).RunAsync(result.GetValue(inProcess), result.GetValue(size), cancellationToken));
        return command;
    }
}
