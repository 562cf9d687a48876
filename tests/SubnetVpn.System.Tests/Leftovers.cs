using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>What a node that has ended must not leave on its machine.</summary>
internal static class Leftovers
{
    /// <summary>Devices, routes, addresses and processes of the node that are still there, and its control socket after an orderly end.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(LabNode node, bool isOrderly)
    {
        var links = await node.Machine.Namespace.IpAsync("-o link show");
        var addresses = await node.Machine.Namespace.IpAsync("-o address show");
        var routes = await node.Machine.Namespace.IpAsync("-4 -o route show table all") + await node.Machine.Namespace.IpAsync("-6 -o route show table all");
        var found = Lines(links).Where(line => !line.Contains(" lo:", StringComparison.Ordinal) && !line.Contains(" eth0@", StringComparison.Ordinal))
            .Concat(Lines(addresses + routes).Where(line => line.Contains("10.77.", StringComparison.Ordinal) || line.Contains("fd77:", StringComparison.Ordinal)))
            .Concat((await node.Machine.Namespace.ProcessesAsync()).Select(id => $"process {id}"));
        return isOrderly && File.Exists(node.SocketPath) ? [.. found, node.SocketPath] : [.. found];
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
