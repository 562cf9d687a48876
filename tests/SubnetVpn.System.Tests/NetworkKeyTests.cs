using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>Nodes that list each other, with the key of the network, another one, or none.</summary>
public sealed class NetworkKeyTests
{
    [Fact]
    public async Task Key_TheSame_TheyPing()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var key = await lab.MakeNetworkKeyAsync();
        var (a, b) = await lab.AddPairAsync(settings => settings with { Vpn = [$"network_key: {key}"] });

        await Task.WhenAll(a.StartAsync(), b.StartAsync());

        await Eventually.TrueAsync(() => PingsAsync(a, b), "b answers", () => Logs(a, b));
        Assert.True(await PingsAsync(b, a), Logs(a, b));
        Assert.Equal(0, (await a.StatusAsync()).Sum("not_a_member") + (await b.StatusAsync()).Sum("not_a_member"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Key_AnotherOrNone_NeitherReachesTheOtherAndBothSayWhy(bool hasAnother)
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (right, wrong) = (await lab.MakeNetworkKeyAsync("right.key"), await lab.MakeNetworkKeyAsync("wrong.key"));
        var (member, stranger) = await lab.AddPairAsync(settings => settings with
        {
            Vpn = settings.VirtualIp == "10.77.0.1" ? [$"network_key: {right}"] : hasAnother ? [$"network_key: {wrong}"] : [],
        });

        await Task.WhenAll(member.StartAsync(), stranger.StartAsync());
        await PingsAsync(member, stranger);
        await PingsAsync(stranger, member);

        await Eventually.TrueAsync(
            async () => (await ErrorAsync(member)).Contains(hasAnother ? $"{stranger.PeerId} says that we do not hold the key of network default" : $"{stranger.PeerId} does not hold the key of network default", StringComparison.Ordinal),
            "the member says why", () => Logs(member, stranger));
        await Eventually.TrueAsync(
            async () => (await ErrorAsync(stranger)).Contains(hasAnother ? $"{member.PeerId} says that we do not hold the key of network default" : "network default has a key, and you did not prove that you hold it: set network_key", StringComparison.Ordinal),
            "the stranger says why", () => Logs(member, stranger));
        Assert.False(await PingsAsync(member, stranger));
        Assert.False(await PingsAsync(stranger, member));
        Assert.True((await member.StatusAsync()).Sum("not_a_member") > 0);
        Assert.Equal(0, (await member.StatusAsync()).Sum("spoofed_source"));
    }

    [Fact]
    public async Task Key_GivenToTheOther_TheyPing()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (right, later) = (await lab.MakeNetworkKeyAsync("right.key"), await lab.MakeNetworkKeyAsync("later.key"));
        var (a, b) = await lab.AddPairAsync(settings => settings with { Vpn = [$"network_key: {(settings.VirtualIp == "10.77.0.1" ? right : later)}"] });
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        Assert.False(await PingsAsync(a, b));

        File.Copy(right, later, overwrite: true);
        var waits = (await b.CliAsync("reload")).Output;
        (await b.CliAsync("reload", "--restart")).EnsureSuccess();

        Assert.Contains("network_key", waits, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => PingsAsync(a, b), "b answers", () => Logs(a, b));
    }

    [Fact]
    public async Task Key_MissingWithMdns_NobodyIsLetInAndTheOperatorIsTold()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var nodes = new List<LabNode>();
        foreach (var number in new[] { 1, 2 })
            nodes.Add(await lab.AddNodeAsync(lab.Machines[number - 1], LabNodeSettings.Number(number) with { ListenAnywhere = true, Vpn = ["strategies: { discovery: [mdns] }"] }));
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
        var (a, b) = (nodes[0], nodes[1]);

        await Eventually.TrueAsync(
            async () => (await a.CliAsync("resolve", b.VirtualIp.ToString())).Output.Contains("the network has no key: only listed peers and registered addresses are let in", StringComparison.Ordinal),
            "a has heard of b, and refuses it", () => Logs(a, b));

        Assert.False(await PingsAsync(a, b));
        Assert.Empty((await a.AskAsync("peers")).GetProperty("peers").EnumerateArray());
        Assert.Contains("Network default has neither a key nor a registry: whom mdns finds is not let in", a.Log, StringComparison.Ordinal);
    }

    private static async Task<bool> PingsAsync(LabNode from, LabNode to) =>
        (await from.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", to.VirtualIp.ToString())).ExitCode == 0;

    private static async Task<string> ErrorAsync(LabNode node)
    {
        var peer = Assert.Single((await node.AskAsync("peers")).GetProperty("peers").EnumerateArray());
        return peer.TryGetProperty("last_error", out var error) ? error.GetString() ?? "" : "";
    }

    private static string Logs(LabNode one, LabNode other) => $"{one.Log}\n--- the other node:\n{other.Log}";
}
