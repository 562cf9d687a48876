using System.CommandLine;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn keygen</c>: writes an identity, prints its peer id alone; or writes the key of a network, prints nothing.</summary>
internal static class KeygenCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--out", "-o") { Description = "The file to write, with mode 0600.", Required = true, HelpName = "FILE" };
        var network = new Option<bool>("--network") { Description = "Make the key of a private network instead, which all its members hold." };
        var force = new Option<bool>("--force") { Description = "Replace a key that is there. An identity's peer id is lost; other members no longer know a network's." };
        var command = new Command("keygen", "Makes the identity of a node and prints its peer id.") { file, network, force };
        command.SetAction(async (result, _) =>
        {
            var path = Path.GetFullPath(result.GetRequiredValue(file));
            if (result.GetValue(network))
            {
                NetworkKeyFile.Create(path, result.GetValue(force));
                return ExitCode.Success;
            }
            using var identity = IdentityFile.Create(path, result.GetValue(force));
            await Console.Out.WriteLineAsync(identity.Id.ToString());
            return ExitCode.Success;
        });
        return command;
    }
}
