using System.Text.Json;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.Control;

/// <summary><c>subnetvpn resolve</c> with the real daemon and static discovery.</summary>
public sealed class ResolveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Resolve_StaticDiscovery_TellsWhoHoldsIt()
    {
        var config = _folder.Write("node.yaml", TestNodes.WithDeadPeer());
        using var daemon = RunningDaemon.Start(config);
        (await Exec.RunAsync(Repository.Cli, "wait", "--config", config, "--timeout", "60")).EnsureSuccess();

        var known = await RunAsync("10.77.0.9");
        var json = await RunAsync("10.77.0.9", "--json");
        var unknown = await RunAsync("10.77.0.8");
        var unknownJson = await RunAsync("10.77.0.8", "--json");
        var own = await RunAsync("10.77.0.1");
        var outside = await RunAsync("10.78.0.1");
        var inIPv6 = await RunAsync("fd00::2");
        var other = await RunAsync("10.77.0.9", "--network", "office");
        var named = await RunAsync("10.77.0.9", "--network", "default");
        var code = await daemon.TerminateAsync();

        Assert.Equal((0, ""), (known.ExitCode, known.Error));
        Assert.Matches($@"state +packets go to {TestNodes.DeadPeer}, as static says \(authoritative\)", known.Output);
        Assert.Matches(@"told by +static \(authoritative\), .* ago; holds until it is taken back", known.Output);
        Assert.Matches($@"asked static +names {TestNodes.DeadPeer}, which is used \(took .*, trust authoritative, holds until it is taken back\)", known.Output);
        using var answer = JsonDocument.Parse(json.Output);
        Assert.True(answer.RootElement.GetProperty("resolved").GetBoolean());
        var network = answer.RootElement.GetProperty("networks")[0];
        Assert.Equal(("resolved", TestNodes.DeadPeer, "10.77.0.9/32"), (network.GetProperty("state").GetString(), network.GetProperty("route").GetProperty("peer").GetString(), network.GetProperty("route").GetProperty("prefix").GetString()));
        var source = network.GetProperty("sources")[0];
        Assert.Equal(("static", "found", "used", "authoritative"), (source.GetProperty("source").GetString(), source.GetProperty("outcome").GetString(), source.GetProperty("verdict").GetString(), source.GetProperty("trust").GetString()));
        Assert.True(source.GetProperty("took_milliseconds").GetDouble() >= 0);
        Assert.Equal((1, ""), (unknown.ExitCode, unknown.Error));
        Assert.Contains("packets are dropped: no source knows who holds the address", unknown.Output, StringComparison.Ordinal);
        Assert.Matches(@"asked static +No peer in the configuration holds 10\.77\.0\.8\. \(took .*\)", unknown.Output);
        using var nobody = JsonDocument.Parse(unknownJson.Output);
        Assert.Equal((1, false), (unknownJson.ExitCode, nobody.RootElement.GetProperty("resolved").GetBoolean()));
        Assert.Equal(0, own.ExitCode);
        Assert.Contains("10.77.0.1 is this node's own address", own.Output, StringComparison.Ordinal);
        Assert.Equal((1, "", "error: 10.78.0.1 is outside the network: default has 10.77.0.0/24. Packets to it do not enter the tunnel.\n"), (outside.ExitCode, outside.Output, outside.Error));
        Assert.Equal(1, inIPv6.ExitCode);
        Assert.Contains("fd00::2 is outside the network", inIPv6.Error, StringComparison.Ordinal);
        Assert.Equal((1, "", "error: no network 'office' runs. There is: default.\n"), (other.ExitCode, other.Output, other.Error));
        Assert.Equal(0, named.ExitCode);
        Assert.Equal(0, code);

        Task<ExecResult> RunAsync(params string[] arguments) => Exec.RunAsync(Repository.Cli, ["resolve", .. arguments, "--config", config]);
    }

    [Fact]
    public async Task Resolve_SeveralNetworks_AsksThoseThatMayHaveIt()
    {
        var config = _folder.Write("node.yaml", $$"""
            node: { identity: a.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
            control: { socket: a.sock }
            networks:
              home: { virtual_ip: 10.77.0.1, subnet: 10.77.0.0/24, {{TestNodes.Strategies}} }
              wide: { virtual_ip: 10.78.0.1, subnet: 10.78.0.0/24, routes: ["10.77.0.0/16"], {{TestNodes.Strategies}} }
            plugins: { discovery.static: { peers: [] } }
            """);
        using var daemon = RunningDaemon.Start(config);
        (await Exec.RunAsync(Repository.Cli, "wait", "--config", config, "--timeout", "60")).EnsureSuccess();

        var both = await Exec.RunAsync(Repository.Cli, "resolve", "10.77.0.9", "--json", "--config", config);
        var one = await Exec.RunAsync(Repository.Cli, "resolve", "10.77.0.9", "--json", "--network", "wide", "--config", config);
        var none = await Exec.RunAsync(Repository.Cli, "resolve", "10.79.0.9", "--config", config);
        await daemon.TerminateAsync();

        Assert.Equal(["home", "wide"], NetworksOf(both));
        Assert.Equal(["wide"], NetworksOf(one));
        Assert.Equal("error: 10.79.0.9 is outside every network: home has 10.77.0.0/24; wide has 10.78.0.0/24 and 10.77.0.0/16. Packets to it do not enter the tunnel.\n", none.Error);
    }

    [Fact]
    public async Task Registry_OfAnotherOrRight_FailsWithHisNameOrIsShown()
    {
        var book = _folder.Write("addresses", $"10.77.0.1: {TestNodes.DeadPeer}\n10.77.0.9: {TestNodes.DeadPeer}\n");
        var config = _folder.Write("node.yaml", TestNodes.WithDeadPeer()
            .Replace(TestNodes.Strategies, "strategies: { tun: memory, registry: static }", StringComparison.Ordinal)
            .Replace("plugins:", $"plugins:\n  registry.static: {{ file: {book} }}", StringComparison.Ordinal));

        var anothers = await Exec.RunAsync(Repository.Daemon, "--config", config);
        var self = await Exec.RunAsync(Repository.Cli, "keygen", "--force", "--out", _folder.File("a.key"));
        await File.WriteAllTextAsync(book, $"10.77.0.1: {self.Output.Trim()}\n10.77.0.9: {TestNodes.DeadPeer}\n", TestContext.Current.CancellationToken);
        using var daemon = RunningDaemon.Start(config);
        (await Exec.RunAsync(Repository.Cli, "wait", "--config", config, "--timeout", "60")).EnsureSuccess();
        var known = await Exec.RunAsync(Repository.Cli, "resolve", "10.77.0.9", "--config", config);
        var unknown = await Exec.RunAsync(Repository.Cli, "resolve", "10.77.0.8", "--config", config);
        var code = await daemon.TerminateAsync();

        Assert.Equal(1, anothers.ExitCode);
        Assert.Contains($"the registry gives the virtual IP 10.77.0.1 to {TestNodes.DeadPeer}, not to this node", anothers.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (known.ExitCode, known.Error));
        Assert.Matches($"registry static +gives it to {TestNodes.DeadPeer} ", known.Output);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("packets are dropped: the registry does not know the address", unknown.Output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    public void Dispose() => _folder.Dispose();

    private static List<string?> NetworksOf(ExecResult result)
    {
        using var answer = JsonDocument.Parse(result.Output);
        return [.. answer.RootElement.GetProperty("networks").EnumerateArray().Select(static network => network.GetProperty("network").GetString())];
    }
}
