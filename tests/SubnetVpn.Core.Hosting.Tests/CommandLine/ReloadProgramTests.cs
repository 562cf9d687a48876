using System.Globalization;
using System.Text.Json;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.CommandLine;

/// <summary>The real daemon is told to read its configuration again: by the tool, and by a signal.</summary>
public sealed class ReloadProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Reload_GoodBadAndUgly_TellsWhatCameOfItAndExitsAsItShould()
    {
        await using var daemon = await StartAsync();

        var unchanged = await ReloadAsync();
        Write("unallowed_ports: [22, 3306]\n  mtu: 1300\n  warm_interval: 30s");
        var changed = await ReloadAsync();
        var restarted = await ReloadAsync("--restart");
        var mtu = (await StatusAsync()).GetProperty("networks")[0].GetProperty("mtu").GetInt32();
        Write("mtu: 1\n  rotes: []", "tun.memroy: {}");
        var rejected = await ReloadAsync("--restart");
        var check = await Exec.RunAsync(Repository.Daemon, "--check", "--config", _folder.File("node.yaml"));
        var after = await StatusAsync();
        Write("mtu: 1300\n  warm_interval: 30s", $"tun.memory: {{ host_socket: {_folder.Write("taken", "")} }}");
        var failed = await ReloadAsync("--restart");

        Assert.Equal((0, "Nothing changed.\n", ""), (unchanged.ExitCode, unchanged.Output, unchanged.Error));
        Assert.Equal((0, ""), (changed.ExitCode, changed.Error));
        Assert.Equal(
            ["applied: vpn:unallowed_ports", "applied: vpn:warm_interval", "needs a restart of network default: vpn:mtu", "Restart these networks with: subnetvpn reload --restart"],
            changed.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal((0, "restarted: network default\n", ""), (restarted.ExitCode, restarted.Output, restarted.Error));
        Assert.Equal(1300, mtu);
        // Word for word what --check says.
        Assert.Equal((2, ""), (rejected.ExitCode, rejected.Output));
        Assert.StartsWith("error: the configuration has 3 mistakes:\n", rejected.Error, StringComparison.Ordinal);
        Assert.Contains($"{_folder.File("node.yaml")}:7: vpn:mtu: '1': must be 576 to 9000.", rejected.Error, StringComparison.Ordinal);
        Assert.Equal(check.Error, rejected.Error);
        Assert.Equal(("running", 1300), (after.GetProperty("state").GetString(), after.GetProperty("networks")[0].GetProperty("mtu").GetInt32()));
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("error: network default: ", failed.Error, StringComparison.Ordinal);
        Assert.EndsWith("It runs as before.\n", failed.Error, StringComparison.Ordinal);
        Assert.Equal("running", (await StatusAsync()).GetProperty("state").GetString());
        Assert.Equal(0, await daemon.TerminateAsync());
        Assert.DoesNotContain("   at ", daemon.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_Json_TellsTheSameToMachines()
    {
        await using var daemon = await StartAsync();

        Write("max_streams_per_peer: 20", "discovery.static: { peers: [] }\n  tun.memory: { echo: true }");
        var (changed, _) = await ReloadJsonAsync(0);
        Write("mtu: 1");
        var (rejected, error) = await ReloadJsonAsync(2);

        Assert.Equal("restart_needed", changed.GetProperty("outcome").GetString());
        Assert.Equal("vpn:max_streams_per_peer", Assert.Single(changed.GetProperty("applied").EnumerateArray()).GetString());
        var pending = Assert.Single(changed.GetProperty("needs_restart").EnumerateArray());
        Assert.Equal(("plugins:tun.memory:echo", "default"), (pending.GetProperty("key").GetString(), pending.GetProperty("network").GetString()));
        Assert.Equal("rejected", rejected.GetProperty("outcome").GetString());
        var mistake = Assert.Single(rejected.GetProperty("mistakes").EnumerateArray());
        Assert.Equal(
            ("vpn:mtu", "1", "must be 576 to 9000.", $"{_folder.File("node.yaml")}:7"),
            (mistake.GetProperty("path").GetString(), mistake.GetProperty("value").GetString(), mistake.GetProperty("rule").GetString(), mistake.GetProperty("origin").GetString()));
        Assert.Equal($"error: {rejected.GetProperty("error").GetString()}\n", error);
    }

    [Fact]
    public async Task Hangup_GoodAndBad_IsLoggedAndTheNodeGoesOn()
    {
        await using var daemon = await StartAsync();

        Write("unallowed_ports: [22]\n  mtu: 1300");
        await HangUpAsync(daemon);
        await daemon.WaitForAsync("vpn:unallowed_ports hold now");
        await daemon.WaitForAsync("vpn:mtu changed, which holds only after a restart of network default");
        Write("mtu: 1\n  rotes: []");
        await HangUpAsync(daemon);
        await daemon.WaitForAsync("is not used, for it is wrong; the node runs as before");
        await daemon.WaitForAsync("Did you mean 'routes'?");
        var status = await StatusAsync();
        Write("unallowed_ports: [22]");
        await HangUpAsync(daemon);
        await daemon.WaitForAsync("nothing changed");

        Assert.Equal(("running", 1400), (status.GetProperty("state").GetString(), status.GetProperty("networks")[0].GetProperty("mtu").GetInt32()));
        Assert.Equal(0, await daemon.TerminateAsync());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<LabProcess> StartAsync()
    {
        Write("");
        var daemon = LabProcess.Start(Repository.Daemon, "--config", _folder.File("node.yaml"));
        (await Exec.RunAsync(Repository.Cli, "wait", "--config", _folder.File("node.yaml"), "--timeout", "60")).EnsureSuccess();
        return daemon;
    }

    private void Write(string vpn, string plugins = "discovery.static: { peers: [] }") => _folder.Write("node.yaml", $$"""
        node: { identity: a.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
        control: { socket: a.sock }
        vpn:
          virtual_ip: 10.77.0.1
          subnet: 10.77.0.0/24
          strategies: { tun: memory }
          {{vpn}}
        plugins:
          {{plugins}}
        """);

    private Task<ExecResult> ReloadAsync(params string[] arguments) => Exec.RunAsync(Repository.Cli, ["reload", "--socket", _folder.File("a.sock"), .. arguments]);

    private async Task<(JsonElement Answer, string Error)> ReloadJsonAsync(int exitCode)
    {
        var result = await ReloadAsync("--json");
        Assert.Equal(exitCode, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        return (json.RootElement.Clone(), result.Error);
    }

    private async Task<JsonElement> StatusAsync()
    {
        var result = (await Exec.RunAsync(Repository.Cli, "status", "--json", "--socket", _folder.File("a.sock"))).EnsureSuccess();
        using var json = JsonDocument.Parse(result.Output);
        return json.RootElement.Clone();
    }

    private static async Task HangUpAsync(LabProcess daemon) =>
        (await Exec.RunAsync("kill", "-HUP", daemon.Id.ToString(CultureInfo.InvariantCulture))).EnsureSuccess();
}
