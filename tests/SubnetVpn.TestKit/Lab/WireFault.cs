namespace SubnetVpn.TestKit.Lab;

/// <summary>
/// A fault between one machine and the wire, made of nftables rules for one TCP port in both directions. Gone when
/// disposed, and with the machine.
/// </summary>
public sealed class WireFault : IAsyncDisposable
{
    private const string Table = "inet fault";
    private readonly LabMachine _machine;

    private WireFault(LabMachine machine) => _machine = machine;

    /// <summary>Whatever comes or goes is lost without a word.</summary>
    public static Task<WireFault> DropAsync(LabMachine machine, int port) => CreateAsync(machine, port, "drop");

    /// <summary>
    /// Whoever sends is told that the connection is no more: the connections that there are die as soon as either side says
    /// something, and new ones are refused. Resets pass, or they would be rejected themselves.
    /// </summary>
    public static Task<WireFault> ResetAsync(LabMachine machine, int port) =>
        CreateAsync(machine, port, "tcp flags & rst == 0 reject with tcp reset");

    /// <summary>The connections of a machine at a port, by their addresses and ports.</summary>
    public static async Task<IReadOnlyList<string>> ConnectionsAsync(LabMachine machine, int port)
    {
        Requirements.Command("ss", "iproute2");
        var list = (await machine.Namespace.RunAsync("ss", "-Htn", "state", "established", $"( sport = :{port} or dport = :{port} )")).EnsureSuccess();
        return [.. list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2..4]))];
    }

    private static async Task<WireFault> CreateAsync(LabMachine machine, int port, string rule)
    {
        Requirements.Command("nft", "nftables");
        var commands = new List<string> { $"add table {Table}" };
        foreach (var hook in new[] { "input", "output" })
        {
            commands.Add($"add chain {Table} {hook} {{ type filter hook {hook} priority 0; }}");
            commands.AddRange(new[] { "sport", "dport" }.Select(end => $"add rule {Table} {hook} tcp {end} {port} {rule}"));
        }

        (await machine.Namespace.RunAsync("nft", string.Join("\n", commands))).EnsureSuccess();
        return new WireFault(machine);
    }

    public async ValueTask DisposeAsync() => await _machine.Namespace.RunAsync("nft", $"delete table {Table}");
}
