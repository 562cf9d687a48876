using System.Diagnostics;
using System.Net;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>Machines on which nothing is configured, and what a new user would type on them.</summary>
public sealed class JoinTests(ITestOutputHelper output)
{
    [Fact]
    public async Task InitInviteJoin_MachinesOnOneLan_PingEachOther()
    {
        await using var lab = await Lab.CreateAsync("abc");
        var (a, b, c) = (Newcomer(lab, 0), Newcomer(lab, 1), Newcomer(lab, 2));

        await a.InitAsync();
        var token = await a.InviteAsync();
        await JoinAndPingAsync(b, token, a);
        await JoinAndPingAsync(c, token, b);

        await AssertPingAsync(a, b, isV6: false);
        await AssertPingAsync(c, a, isV6: true);
        Assert.Equal(0, (await b.CliAsync("stop")).ExitCode);
        // Its socket goes last, and then the process.
        await Eventually.TrueAsync(async () => (await b.Machine.Namespace.ProcessesAsync()).Count == 0, "the node is gone");
    }

    [Fact]
    public async Task InitInviteJoin_WithoutMulticast_FindEachOtherByTheTokensAddressAlone()
    {
        Requirements.Command("nft", "nftables");
        await using var lab = await Lab.CreateAsync("abc");
        foreach (var machine in lab.Machines)
            await BlockMulticastAsync(machine);
        var (a, b, c) = (Newcomer(lab, 0), Newcomer(lab, 1), Newcomer(lab, 2));

        await a.InitAsync();
        var token = await a.InviteAsync();
        await JoinAndPingAsync(b, token, a);
        await JoinAndPingAsync(c, token, a);

        // Neither of these was told of the other.
        await AssertPingAsync(b, c, isV6: false);
        await AssertPingAsync(c, b, isV6: true);
    }

    [Fact]
    public async Task Join_NobodyIsThere_SaysSoAndGoesOn()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = (Newcomer(lab, 0), Newcomer(lab, 1));
        await a.InitAsync();
        var token = await a.InviteAsync();
        Assert.Equal(0, (await a.CliAsync("stop")).ExitCode);

        var join = await b.JoinAsync(token, "--timeout", "8s");
        output.WriteLine(join.ToString());
        var status = await b.CliAsync("status");
        Assert.Equal(0, (await a.CliAsync("start")).ExitCode);

        Assert.Equal(1, join.ExitCode);
        Assert.Contains("error: no other member answered", join.Error, StringComparison.Ordinal);
        Assert.Contains("goes on trying", join.Error, StringComparison.Ordinal);
        Assert.Equal(0, status.ExitCode);
        await AssertPingAsync(b, a, isV6: false);
    }

    [Fact]
    public async Task Join_PortIsTaken_TellsSoAndLeavesNothingRunning()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = (Newcomer(lab, 0), Newcomer(lab, 1));
        await a.InitAsync();
        var token = await a.InviteAsync();
        using var other = b.Machine.Namespace.CreateSocket(global::System.Net.Sockets.AddressFamily.InterNetwork, global::System.Net.Sockets.SocketType.Stream, global::System.Net.Sockets.ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Any, 4001));
        other.Listen();

        var join = await b.JoinAsync(token);

        Assert.Equal(1, join.ExitCode);
        Assert.Contains("the port is in use", join.Error, StringComparison.Ordinal);
        Assert.Contains($"subnetvpn start --config {b.ConfigurationPath}", join.Error, StringComparison.Ordinal);
        Assert.Empty(await b.Machine.Namespace.ProcessesAsync());
    }

    private static NewcomerNode Newcomer(Lab lab, int machine) => lab.Own(new NewcomerNode(lab.Machines[machine], Path.Combine(lab.Folder, $"new{machine}")));

    private static async Task BlockMulticastAsync(LabMachine machine) => (await machine.Namespace.RunAsync(
        "nft", "add table inet quiet\nadd chain inet quiet output { type filter hook output priority 0; }\nadd rule inet quiet output udp dport 5353 drop")).EnsureSuccess();

    private async Task JoinAndPingAsync(NewcomerNode newcomer, string token, NewcomerNode other)
    {
        var watch = Stopwatch.StartNew();
        var join = await newcomer.JoinAsync(token);
        var joined = watch.Elapsed;
        output.WriteLine(join.ToString());
        join.EnsureSuccess();
        await AssertPingAsync(newcomer, other, isV6: false);

        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s from the command 'join' to the first reply to ping; the command itself took {joined.TotalSeconds:F2} s");
        await AssertPingAsync(other, newcomer, isV6: false);
        await AssertPingAsync(newcomer, other, isV6: true);
    }

    private static async Task AssertPingAsync(NewcomerNode from, NewcomerNode to, bool isV6)
    {
        var address = await to.VirtualIpAsync(isV6);
        await Eventually.TrueAsync(
            async () => (await from.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", address)).ExitCode == 0,
            $"{address} answers",
            () => $"{from.Log}\n--- the other node:\n{to.Log}");
    }
}
