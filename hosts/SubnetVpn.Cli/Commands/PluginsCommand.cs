using System.CommandLine;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn plugins</c>: what is in the plugins folder, and what became of it.</summary>
internal static class PluginsCommand
{
    public static Command Create() => NodeCommand.Create(
        "plugins", "Shows the plugins of the node: what they provide, whether they are active, and why not.",
        (client, cancellationToken) => client.GetPluginsAsync(cancellationToken),
        ControlJson.Api.PluginList, Show);

    private static void Show(IAnsiConsole console, PluginList answer)
    {
        var table = new Table { Border = TableBorder.None }.AddColumns("plugin", "version", "status", "provides", "");
        foreach (var plugin in answer.Plugins)
            table.AddRow(
                new Text(plugin.Id),
                new Text(plugin.Version ?? "?"),
                StateText.Of(plugin.Status),
                new Text(string.Join(", ", plugin.Provides)),
                new Text(plugin.Reason ?? plugin.Description ?? string.Empty));
        console.Write(table);
        console.WriteLine($"Folder: {answer.Directory ?? "none"}");
    }
}
