using System.Diagnostics;
using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>Nodes that come, go and come back.</summary>
public sealed class LifecycleTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_RunningPair_LeavesNothingBehind()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync(settings => settings with { Vpn = ["routes: [\"10.78.0.0/16\"]"] });
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await AssertReachesAsync(a, b);
        Assert.NotEmpty(await Leftovers.FindAsync(a, isOrderly: true));

        var watch = Stopwatch.StartNew();
        var exitCodes = await Task.WhenAll(a.StopAsync(), b.StopAsync());

        output.WriteLine($"both left after {watch.Elapsed.TotalSeconds:F2} s");
        Assert.Equal([0, 0], exitCodes);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5)); // Promised: the operator's supervisor kills after that.
        Assert.Empty(await Leftovers.FindAsync(a, isOrderly: true));
        Assert.Empty(await Leftovers.FindAsync(b, isOrderly: true));
        Assert.DoesNotContain("   at ", a.Log + b.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sigkill_NodeComesBack_TrafficResumes(bool isDialler)
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await AssertReachesAsync(a, b);
        var (killed, other) = isDialler ? (a, b) : (b, a);

        await killed.KillAsync();
        Assert.Empty(await Leftovers.FindAsync(killed, isOrderly: false));
        await killed.StartAsync();
        var watch = Stopwatch.StartNew();
        await AssertReachesAsync(other, killed);
        var resumed = watch.Elapsed;
        await AssertReachesAsync(killed, other);

        output.WriteLine($"traffic resumed {resumed.TotalSeconds:F2} s after the node was back");
        Assert.InRange(resumed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await AssertTransfersAsync(a, b);
    }

    [Fact]
    public async Task Sigkill_WhileTransferring_OtherNodeStaysUsable()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var transfer = TcpTransfer.RunAsync(a.Machine.Namespace, b.Machine.Namespace, b.VirtualIp, long.MaxValue / 2, end.Token);
        await Eventually.TrueAsync(async () => await ReceivedBytesAsync(b) > 8 << 20, "8 MiB have come through");

        await b.KillAsync();
        var status = await a.CliAsync("status");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => transfer);
        await b.StartAsync();

        Assert.Equal(0, status.ExitCode);
        await AssertReachesAsync(a, b);
        await AssertTransfersAsync(a, b);
    }

    [Fact]
    public async Task Start_PeerIsDown_IsReachedWhenItAppears()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await a.StartAsync();
        Assert.False(await ReachesAsync(a, b));

        await b.StartAsync();
        var watch = Stopwatch.StartNew();
        await AssertReachesAsync(a, b);

        output.WriteLine($"reached {watch.Elapsed.TotalSeconds:F2} s after it appeared");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Peers_PeerIsDown_SaysWhyItIsNotReached()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await a.StartAsync();
        Assert.False(await ReachesAsync(a, b));

        await Eventually.TrueAsync(
            async () => (await a.CliAsync("peers")).EnsureSuccess().Output.Contains("unreachable", StringComparison.OrdinalIgnoreCase),
            "peers says that b is unreachable",
            () => a.Log);
        var peers = (await a.CliAsync("peers", "--json")).EnsureSuccess();

        Assert.Contains(b.PeerId, peers.Output, StringComparison.Ordinal);
        Assert.Contains("refused", peers.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Wait_NoNode_SaysSoAndFails()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, _) = await lab.AddPairAsync();

        var wait = await a.CliAsync("wait", "--timeout", "300ms");
        var status = await a.CliAsync("status");

        foreach (var answer in new[] { wait, status })
        {
            Assert.NotEqual(0, answer.ExitCode);
            Assert.Contains(a.SocketPath, answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Peers_ConnectedPair_NamesThePeerAndItsAddress()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await AssertReachesAsync(a, b);

        var json = (await a.CliAsync("peers", "--json")).EnsureSuccess().Output;
        var status = (await a.CliAsync("status")).EnsureSuccess().Output;

        Assert.Contains(b.PeerId, json, StringComparison.Ordinal);
        Assert.Contains(b.Machine.Address.ToString(), json, StringComparison.Ordinal);
        Assert.Contains(a.PeerId, status, StringComparison.Ordinal);
        Assert.Contains(a.VirtualIp.ToString(), status, StringComparison.Ordinal);
    }

    private static async Task<long> ReceivedBytesAsync(LabNode node) => (await node.StatusAsync()).Sum("bytes_received");

    private static async Task<bool> ReachesAsync(LabNode from, LabNode to) =>
        (await from.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", to.VirtualIp.ToString())).ExitCode == 0;

    private static Task AssertReachesAsync(LabNode from, LabNode to) =>
        Eventually.TrueAsync(() => ReachesAsync(from, to), $"{to.VirtualIp} answers", () => $"{from.Log}\n--- the other node:\n{to.Log}");

    private static async Task AssertTransfersAsync(LabNode from, LabNode to)
    {
        var transfer = await TcpTransfer.RunAsync(from.Machine.Namespace, to.Machine.Namespace, to.VirtualIp, 16 << 20, Cancellation);
        Assert.Equal(transfer.SentHash, transfer.ReceivedHash);
    }
}
