using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.CommandLine;

/// <summary>The real programs from nothing to a node that is set up, started, asked to invite, and stopped.</summary>
public sealed class SetupProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Config => _folder.File("node.yaml");

    [Fact]
    public async Task Init_FreshFolder_WritesWhatCheckIsContentWith()
    {
        var init = await Exec.RunAsync(Repository.Cli, "init", "--config", Config, "--subnet", "10.20.30.0/24");
        var check = await Exec.RunAsync(Repository.Daemon, "--config", Config, "--check");
        var again = await Exec.RunAsync(Repository.Cli, "init", "--config", Config);
        var forced = await Exec.RunAsync(Repository.Cli, "init", "--config", Config, "--force");

        Assert.Equal((0, ""), (init.ExitCode, init.Error));
        Assert.Contains("12D3KooW", init.Output, StringComparison.Ordinal);
        Assert.Contains("10.20.30.0/24", init.Output, StringComparison.Ordinal);
        Assert.Contains($"subnetvpn start --config {Config}", init.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Equal((2, ""), (again.ExitCode, again.Output));
        Assert.Contains("there is a node here already", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.Equal(3, forced.Error.Split("was replaced").Length - 1);
        Assert.DoesNotContain("10.20.30.0/24", forced.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_AndJoinWithoutStart_MakesAMember()
    {
        var joined = _folder.File("b/node.yaml");
        (await Exec.RunAsync(Repository.Cli, "init", "--config", Config, "--network", "office", "--subnet", "10.20.30.0/24")).EnsureSuccess();

        var invite = await Exec.RunAsync(Repository.Cli, "invite", "--config", Config, "--address", "/ip4/127.0.0.1/tcp/4001", "--expires", "10m");
        _folder.Write("token", invite.Output);
        var join = await Exec.RunAsync(Repository.Cli, "join", "--token-file", _folder.File("token"), "--config", joined, "--no-start");
        var check = await Exec.RunAsync(Repository.Daemon, "--config", joined, "--check");

        Assert.Equal(0, invite.ExitCode);
        Assert.Matches("^svpn1[A-Za-z0-9_-]{100,600}\n$", invite.Output);
        Assert.Contains("as you would a password", invite.Error, StringComparison.Ordinal);
        Assert.Contains("the node does not run", invite.Error, StringComparison.Ordinal);
        Assert.Contains("from this machine only", invite.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (join.ExitCode, join.Error));
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        var configuration = await File.ReadAllTextAsync(joined, TestContext.Current.CancellationToken);
        Assert.Contains("subnet: 10.20.30.0/24", configuration, StringComparison.Ordinal);
        Assert.Contains("- /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW", configuration, StringComparison.Ordinal);
        Assert.Contains("  office:", configuration, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(_folder.File("network.key"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder.File("b/network.key"), TestContext.Current.CancellationToken));
        Assert.NotEqual(await File.ReadAllTextAsync(_folder.File("identity.key"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder.File("b/identity.key"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Join_FromStandardInput_TakesTheToken()
    {
        _folder.Write("token", InvitationTokens.Seal(TestInvitations.Full with { ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) }));

        var join = await Exec.RunAsync("sh", "-c", $"'{Repository.Cli}' join - --no-start --config '{Config}' < '{_folder.File("token")}'");

        Assert.Equal((0, ""), (join.ExitCode, join.Error));
        Assert.Contains("office", join.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expired", "expired")]
    [InlineData("cut", "is damaged")]
    [InlineData("newer", "another version")]
    [InlineData("greedy", "not a private one")]
    [InlineData("taken", "there is a node here already")]
    public async Task Join_TokenThatIsOfNoUse_SaysWhyAndLeavesNothing(string kind, string words)
    {
        var valid = TestInvitations.Full with { ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) };
        var token = kind switch
        {
            "expired" => InvitationTokens.Seal(valid with { ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(-1) }),
            "cut" => InvitationTokens.Seal(valid)[..^3],
            "newer" => InvitationTokens.Seal(valid).Replace("svpn1", "svpn2", StringComparison.Ordinal),
            "greedy" => InvitationTokens.Seal(valid with { Subnet = IpPrefix.Parse("0.0.0.0/1") }),
            _ => InvitationTokens.Seal(valid),
        };
        if (kind == "taken")
            _folder.Write("network.key", "mine");

        var join = await Exec.RunAsync(Repository.Cli, "join", token, "--config", Config);

        Assert.Equal((2, ""), (join.ExitCode, join.Output));
        Assert.StartsWith("error: ", join.Error, StringComparison.Ordinal);
        Assert.Contains(words, join.Error, StringComparison.Ordinal);
        Assert.Equal(kind == "taken" ? ["network.key"] : [], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public async Task StartAndStop_Node_RunsInBetween()
    {
        var config = _folder.Write("node.yaml", TestNodes.Alone());
        try
        {
            var start = await Exec.RunAsync(Repository.Cli, "start", "--config", config, "--timeout", "60s");
            var status = await Exec.RunAsync(Repository.Cli, "status", "--config", config);
            var second = await Exec.RunAsync(Repository.Cli, "start", "--config", config, "--timeout", "60s");
            var stop = await Exec.RunAsync(Repository.Cli, "stop", "--config", config);
            var again = await Exec.RunAsync(Repository.Cli, "stop", "--config", config);

            Assert.Equal((0, ""), (start.ExitCode, start.Error));
            Assert.Contains("10.77.0.1/24", start.Output, StringComparison.Ordinal);
            Assert.Contains($"subnetvpn stop --config {config}", start.Output, StringComparison.Ordinal);
            Assert.Equal(0, status.ExitCode);
            Assert.Equal((1, ""), (second.ExitCode, second.Output));
            Assert.Contains("another node runs with this socket", second.Error, StringComparison.Ordinal);
            Assert.Equal((0, "", ""), (stop.ExitCode, stop.Output, stop.Error));
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("the node is not running", again.Error, StringComparison.Ordinal);
            Assert.Equal(["a.key", "node.log", "node.yaml"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName).Order());
        }
        finally
        {
            await Exec.RunAsync(Repository.Cli, ["stop", "--config", config], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Start_WrongConfiguration_TellsWhatTheDaemonSays()
    {
        var config = _folder.Write("node.yaml", TestNodes.Alone("mtu: 1", "tun.memroy: {}"));

        var start = await Exec.RunAsync(Repository.Cli, "start", "--config", config);

        Assert.Equal((2, ""), (start.ExitCode, start.Output));
        Assert.StartsWith("error: the configuration has 2 mistakes:\n", start.Error, StringComparison.Ordinal);
        Assert.Contains("vpn:mtu: '1': must be 576 to 9000.", start.Error, StringComparison.Ordinal);
        Assert.EndsWith($"subnetvpn start --config {config}\n", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_NetworkWithoutAKey_SaysWhatToDo()
    {
        var config = _folder.Write("node.yaml", TestNodes.Alone());

        var invite = await Exec.RunAsync(Repository.Cli, "invite", "--config", config, "--address", "/ip4/192.0.2.1/tcp/4001");

        Assert.Equal((2, ""), (invite.ExitCode, invite.Output));
        Assert.Contains("subnetvpn keygen --network", invite.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
