using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.CommandLine;

/// <summary>The real programs: exit codes, and what goes to which stream.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Keygen_NewFile_PrintsThePeerIdAlone()
    {
        var file = _folder.File("identity.key");

        var made = await Exec.RunAsync(Repository.Cli, "keygen", "--out", file);
        var again = await Exec.RunAsync(Repository.Cli, "keygen", "--out", file);
        var forced = await Exec.RunAsync(Repository.Cli, "keygen", "--out", file, "--force");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.True(PeerId.TryParse(made.Output.TrimEnd('\n'), out _), made.Output);
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.NotEqual(made.Output, forced.Output);
    }

    [Fact]
    public async Task Keygen_Network_WritesAKeyOnceAndPrintsNothing()
    {
        var file = _folder.File("network.key");

        var made = await Exec.RunAsync(Repository.Cli, "keygen", "--network", "--out", file);
        var key = NetworkKeyFile.Load(file);
        var again = await Exec.RunAsync(Repository.Cli, "keygen", "--network", "--out", file);
        var forced = await Exec.RunAsync(Repository.Cli, "keygen", "--network", "--out", file, "--force");

        Assert.Equal((0, "", ""), (made.ExitCode, made.Output, made.Error));
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Contains("keygen --network --force", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.NotEqual(key, NetworkKeyFile.Load(file));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("peers")]
    [InlineData("streams")]
    [InlineData("plugins")]
    [InlineData("metrics")]
    [InlineData("reset", "10.77.0.9")]
    [InlineData("resolve", "10.77.0.9")]
    [InlineData("reload")]
    [InlineData("wait", "--timeout", "0")]
    [InlineData("stop")]
    [InlineData("invite")]
    public async Task Ask_NodeThatDoesNotRun_SaysSoAndWhatToDo(params string[] command)
    {
        var result = await Exec.RunAsync(Repository.Cli, [.. command, "--socket", _folder.File("none.sock")]);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("the node is not running", result.Error, StringComparison.Ordinal);
        Assert.Contains("Start it with: subnetvpn start", result.Error, StringComparison.Ordinal);
        AssertPlain(result);
    }

    [Fact]
    public async Task Status_JsonOfNodeThatDoesNotRun_IsJson()
    {
        var result = await Exec.RunAsync(Repository.Cli, "status", "--json", "--socket", _folder.File("none.sock"));

        Assert.Equal(1, result.ExitCode);
        using var json = System.Text.Json.JsonDocument.Parse(result.Output);
        Assert.Contains("not running", json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("status", "--frob")]
    [InlineData("wait", "--timeout", "soon")]
    [InlineData("status", "--socket", "a", "--config", "b")]
    [InlineData("keygen")]
    [InlineData("reset")]
    [InlineData("resolve")]
    [InlineData("resolve", "two.example")]
    [InlineData("resolve", "10.77.0.0/24")]
    [InlineData("demo", "--size", "0")]
    [InlineData("join")]
    [InlineData("join", "svpn1", "--token-file", "b")]
    [InlineData("join", "hello")]
    [InlineData("join", "--token-file", "/nowhere/token")]
    [InlineData("join", "svpn1", "--no-start", "--foreground")]
    [InlineData("init", "--subnet", "8.8.8.0/24", "--config", "/nowhere/node.yaml")]
    [InlineData("init", "--network", "My Network", "--config", "/nowhere/node.yaml")]
    [InlineData("invite", "--expires", "soon")]
    [InlineData("invite", "--config", "/nowhere/node.yaml")]
    [InlineData("start", "--config", "/nowhere/node.yaml")]
    public async Task Cli_WrongUsage_IsCodeTwo(params string[] arguments)
    {
        var result = await Exec.RunAsync(Repository.Cli, arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        AssertPlain(result);
    }

    [Theory]
    [InlineData("--check")]
    [InlineData("--config", "/nowhere/node.yaml")]
    [InlineData("--config", "/nowhere/node.yaml", "--frob")]
    public async Task Daemon_WrongUsage_IsCodeTwo(params string[] arguments)
    {
        var result = await Exec.RunAsync(Repository.Daemon, arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        AssertPlain(result);
    }

    [Fact]
    public async Task Programs_Version_IsTheSame()
    {
        var cli = await Exec.RunAsync(Repository.Cli, "--version");
        var daemon = await Exec.RunAsync(Repository.Daemon, "--version");

        Assert.Equal((0, VpnVersion.Text + "\n"), (cli.ExitCode, cli.Output));
        Assert.Equal(cli.Output, daemon.Output);
    }

    [Fact]
    public async Task Check_GoodAndBad_TellsAndStartsNothing()
    {
        var good = await Exec.RunAsync(Repository.Daemon, "--check", "--config", _folder.Write("good.yaml", TestNodes.Alone()));
        var bad = await Exec.RunAsync(Repository.Daemon, "--check", "--config", _folder.Write("bad.yaml", TestNodes.Alone("mtu: 1", "tun.memroy: {}")));
        var overridden = await Exec.RunAsync(Repository.Daemon, "--check", "--config", _folder.File("bad.yaml"), "--set", "vpn:mtu=1300");

        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Contains("all is well", good.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (bad.ExitCode, bad.Output));
        Assert.StartsWith("error: the configuration has 2 mistakes:\n", bad.Error, StringComparison.Ordinal);
        Assert.Contains("vpn:mtu: '1': must be 576 to 9000.", bad.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'tun.memory'?", bad.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("vpn:mtu", overridden.Error, StringComparison.Ordinal);
        Assert.Equal(["bad.yaml", "good.yaml"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName).Order());
        AssertPlain(bad);
    }

    [Fact]
    public async Task Daemon_FromStartToSigterm_AnswersAndLeavesNothing()
    {
        var config = _folder.Write("node.yaml", TestNodes.Alone());
        using var daemon = RunningDaemon.Start(config);

        var wait = await Exec.RunAsync(Repository.Cli, "wait", "--config", config, "--timeout", "60");
        var second = await Exec.RunAsync(Repository.Daemon, "--config", config);
        var status = await Exec.RunAsync(Repository.Cli, "status", "--config", config);
        var plugins = await Exec.RunAsync(Repository.Cli, "plugins", "--config", config);
        var code = await daemon.TerminateAsync();

        Assert.Equal((0, "", ""), (wait.ExitCode, wait.Output, wait.Error));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another node runs with this socket", second.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (status.ExitCode, status.Error));
        Assert.Contains("10.77.0.1/24", status.Output, StringComparison.Ordinal);
        Assert.Contains("tun:memory", plugins.Output, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.Equal(["a.key", "node.yaml"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName).Order());
        AssertPlain(status);
        AssertPlain(plugins);
    }

    [Fact]
    public async Task Reset_PeerThatIsDead_IsShownBeforeAndAfter()
    {
        var config = _folder.Write("node.yaml", TestNodes.WithDeadPeer());
        using var daemon = RunningDaemon.Start(config);
        (await Exec.RunAsync(Repository.Cli, "wait", "--config", config, "--timeout", "60")).EnsureSuccess();
        var json = await WhenOpenAsync(config);
        var peers = await Exec.RunAsync(Repository.Cli, "peers", "--config", config);
        var reset = await Exec.RunAsync(Repository.Cli, "reset", "10.77.0.9", "--config", config);
        await WhenOpenAsync(config);
        var resetJson = await Exec.RunAsync(Repository.Cli, "reset", TestNodes.DeadPeer, "--config", config, "--json");
        var unknown = await Exec.RunAsync(Repository.Cli, "reset", "10.77.0.8", "--config", config);
        var code = await daemon.TerminateAsync();

        Assert.Matches("circuit +open; next probe in [0-9]+ min; 1 failure in a row; last error: .*refused", peers.Output);
        Assert.Contains("refused", json.GetProperty("last_error").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(System.Text.Json.JsonValueKind.String, json.GetProperty("next_probe").ValueKind);
        Assert.Equal((0, ""), (reset.ExitCode, reset.Error));
        Assert.Matches("circuit of open_stream +closed; it was open; next probe in [0-9]+ min; 1 failure in a row; last error: .*refused", reset.Output);
        using var answer = System.Text.Json.JsonDocument.Parse(resetJson.Output);
        Assert.Equal(TestNodes.DeadPeer, answer.RootElement.GetProperty("peer").GetString());
        Assert.Equal("open", answer.RootElement.GetProperty("circuits")[0].GetProperty("before").GetProperty("state").GetString());
        Assert.Equal((1, "", "error: no peer '10.77.0.8' is known to a network that runs. 1 peer is known; 'subnetvpn peers' lists them.\n"), (unknown.ExitCode, unknown.Output, unknown.Error));
        Assert.Equal(0, code);
        AssertPlain(reset);
    }

    [Fact]
    public async Task Demo_InOneProcess_PingsTransfersAndSaysSo()
    {
        var result = await Exec.RunAsync("env", $"TMPDIR={_folder.FullPath}", Repository.Cli, "demo", "--in-process", "--size", "2");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("both nodes in one process, with memory TUN devices, because: asked for with --in-process", result.Output, StringComparison.Ordinal);
        Assert.Contains("20 of 20 answered", result.Output, StringComparison.Ordinal);
        Assert.Contains("SHA-256 equal", result.Output, StringComparison.Ordinal);
        Assert.Contains("/vpn/2.0.0 over tcp/noise/yamux", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
        AssertPlain(result);
    }

    public void Dispose() => _folder.Dispose();

    // The breaker of the only peer, as JSON.
    private static async Task<System.Text.Json.JsonElement> WhenOpenAsync(string config)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var answer = System.Text.Json.JsonDocument.Parse((await Exec.RunAsync(Repository.Cli, "peers", "--json", "--config", config)).Output);
            var peers = answer.RootElement.GetProperty("peers");
            if (peers.GetArrayLength() == 1 && peers[0].GetProperty("circuit") is var circuit && circuit.GetProperty("state").GetString() == "open")
                return circuit.Clone();
        }
    }

    // No stack trace, and no colours where nobody sees them.
    private static void AssertPlain(ExecResult result)
    {
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }
}
