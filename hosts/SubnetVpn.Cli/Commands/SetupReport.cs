using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Commands;

/// <summary>Writes the files of a new node and tells which.</summary>
internal static class SetupReport
{
    public static async Task WriteAsync(NewNode node, NodeFiles files, ReadOnlyMemory<byte> secret, bool overwrite)
    {
        var replaced = NodeSetup.FindExisting(files);
        var peer = NodeSetup.Write(node, files, secret.Span, overwrite);
        foreach (var file in replaced)
            await Console.Error.WriteLineAsync($"warning: {file} was replaced; the old one is lost.");
        var facts = new FactSheet();
        facts.Add("network", $"{node.Network}{(node.Subnet is { } subnet ? $", {subnet}" : string.Empty)}");
        facts.Add("node", $"{peer}");
        facts.Add("configuration", files.Configuration);
        facts.Add("identity", $"{files.Identity} (secret)");
        facts.Add("network key", $"{files.NetworkKey} (secret)");
        Screen.Create().Write(facts.Render());
    }
}
