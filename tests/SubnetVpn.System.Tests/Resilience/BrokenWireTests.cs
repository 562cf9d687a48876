using System.Diagnostics;
using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>The connections between two nodes fail under load, and come back.</summary>
public sealed class BrokenWireTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(10);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Whether the connections end, or only hear nothing of each other.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outage_OfTenSeconds_TransferCompletesWithEqualHash(bool isReset)
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await using var flow = await TcpFlow.StartAsync(a, b);
        await flow.MeasureAsync(64 << 20);
        var connections = await WireFault.ConnectionsAsync(a.Machine, b.ListenEndPoint.Port);

        long atCut;
        await using (isReset ? await WireFault.ResetAsync(a.Machine, b.ListenEndPoint.Port) : await WireFault.DropAsync(a.Machine, b.ListenEndPoint.Port))
        {
            var watch = Stopwatch.StartNew();
            if (isReset)
            {
                await AssertEndedAsync(a, connections);
            }

            // What the far node had already got is still handed on.
            await Task.Delay(_outage / 2, TimeProvider.System, Cancellation);
            atCut = flow.Received;
            await Task.Delay(_outage - watch.Elapsed, TimeProvider.System, Cancellation);
            Assert.Equal(atCut, flow.Received);
        }

        var back = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => Task.FromResult(flow.Received > atCut), "bytes come again", () => $"{a.Log}\n--- the other node:\n{b.Log}");
        var recovery = back.Elapsed;
        var rate = await flow.MeasureAsync(64 << 20);
        var transfer = await flow.FinishAsync();

        var kind = isReset ? "connections reset" : "all packets lost";
        output.WriteLine($"figure: {kind} for {_outage.TotalSeconds:F0} s: the first new byte {recovery.TotalSeconds:F2} s after the wire was back, then {rate * 8 / 1e6:F0} Mbit/s");
        output.WriteLine($"{transfer}\n{await a.StatusAsync()}");
        Assert.Equal(transfer.Sent, transfer.Received);
        Assert.Equal(transfer.SentHash, transfer.ReceivedHash);
        if (isReset)
        {
            Assert.Empty((await WireFault.ConnectionsAsync(a.Machine, b.ListenEndPoint.Port)).Intersect(connections));
        }
    }

    private static Task AssertEndedAsync(LabNode node, IReadOnlyList<string> connections) => Eventually.TrueAsync(
        async () => !(await WireFault.ConnectionsAsync(node.Machine, node.ListenEndPoint.Port)).Intersect(connections).Any(),
        "the connections have ended",
        () => node.Log);
}
