using System.CommandLine;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn keygen</c>: writes an identity, prints its peer id alone.</summary>
internal static class KeygenCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--out", "-o") { Description = "The file to write, with mode 0600.", Required = true, HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace an identity that is there. Its peer id is lost." };
        var command = new Command("keygen", "Makes the identity of a node and prints its peer id.") { file, force };
        command.SetAction(async (result, _) =>
        {
            using var identity = IdentityFile.Create(Path.GetFullPath(result.GetRequiredValue(file)), result.GetValue(force));
            await Console.Out.WriteLineAsync(identity.Id.ToString());
            return ExitCode.Success;
        });
        return command;
    }
}
