using System.Globalization;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>A machine on which nothing is configured, and the node that a user makes there by commands alone. Ended when disposed.</summary>
internal sealed class NewcomerNode(LabMachine machine, string folder) : IAsyncDisposable
{
    public LabMachine Machine => machine;

    public string ConfigurationPath => Path.Combine(folder, "node.yaml");

    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "(no log)";

    private string LogPath => Path.Combine(folder, "node.log");

    public async Task InitAsync() => (await CliAsync("init", "--start")).EnsureSuccess();

    public async Task<string> InviteAsync() => (await CliAsync("invite")).EnsureSuccess().Output.Trim();

    public Task<ExecResult> JoinAsync(string token, params string[] options) => CliAsync(["join", token, .. options]);

    /// <summary>The address that the node has given itself.</summary>
    public async Task<string> VirtualIpAsync(bool isV6)
    {
        using var status = global::System.Text.Json.JsonDocument.Parse((await CliAsync("status", "--json")).EnsureSuccess().Output);
        return status.RootElement.GetProperty("networks")[0].GetProperty("virtual_ips").EnumerateArray()
            .Select(static address => address.GetString()!.Split('/')[0])
            .Single(address => address.Contains(':', StringComparison.Ordinal) == isV6);
    }

    /// <summary>Runs the tool on the machine.</summary>
    public Task<ExecResult> CliAsync(params string[] arguments) => machine.Namespace.RunAsync(Repository.Cli, [.. arguments, "--config", ConfigurationPath]);

    public async ValueTask DisposeAsync()
    {
        // The daemon is nobody's child: what is on the machine is ended, and killed where that does not help.
        await Exec.RunAsync(Repository.Cli, ["stop", "--config", ConfigurationPath], CancellationToken.None);
        foreach (var id in await machine.Namespace.ProcessesAsync())
            await Exec.RunAsync("kill", ["-KILL", id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
    }
}
