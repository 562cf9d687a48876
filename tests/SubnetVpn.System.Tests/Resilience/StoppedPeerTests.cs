using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>Three nodes, one of which halts while traffic flows to both others. Nobody tells its peer: its kernel still acknowledges.</summary>
public sealed class StoppedPeerTests(ITestOutputHelper output)
{
    private const int Rounds = 3, DatagramSize = 1200, DatagramsPerSecond = 15_000;
    private const double Floor = 0.5; // Of the rate before; a busy machine makes it waver.
    private const long Sample = 128L << 20, MemoryLimit = 64L << 20;

    // More than the memory that the node may take meanwhile.
    private const long Pushed = 80L << 20;

    [Fact]
    public async Task Sigstop_OneOfTwoPeers_OtherKeepsItsRateAndMemoryStaysFlat()
    {
        await using var lab = await Lab.CreateAsync("abc");
        var nodes = await lab.AddNodesAsync(3);
        var (a, b, c) = (nodes[0], nodes[1], nodes[2]);
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
        await using var toB = await TcpFlow.StartAsync(a, b);
        await using var toC = await TcpFlow.StartAsync(a, c);
        await using var datagrams = new NumberedFlows(a, c, DatagramsPerSecond, DatagramSize);
        datagrams.Add(4);
        await Task.WhenAll(toB.MeasureAsync(Sample), toC.MeasureAsync(Sample));

        // A machine that is busy with something else during one of the two measurements spoils the ratio, so there are some rounds.
        var ratio = 0.0;
        for (var round = 0; round < Rounds && ratio < Floor; round++)
        {
            ratio = await StopAndContinueAsync(a, c, toB, toC, datagrams);
        }

        Assert.True(ratio >= Floor, $"{ratio:F2} of the rate before.\n{await a.StatusAsync()}\n{a.Log}");
        foreach (var flow in new[] { toB, toC })
        {
            var transfer = await flow.FinishAsync();
            Assert.Equal((transfer.Sent, transfer.SentHash), (transfer.Received, transfer.ReceivedHash));
        }

        var report = await datagrams.FinishAsync();
        output.WriteLine(report.ToString());
        Assert.Equal((0, 0, 0), (report.Reordered, report.Duplicates, report.Malformed));
    }

    private async Task<double> StopAndContinueAsync(LabNode a, LabNode c, TcpFlow toB, TcpFlow toC, NumberedFlows datagrams)
    {
        var before = await toB.MeasureAsync(Sample);
        var memoryBefore = a.Process.ResidentBytes;
        var dropsBefore = (await a.StatusAsync()).Sum("counters.dropped_outbound");

        c.Process.Suspend();
        var (sentBefore, receivedBefore) = (datagrams.Packets, datagrams.Received);
        var (memory, slices) = (memoryBefore, new List<double>());
        while (datagrams.Packets - sentBefore < Pushed / DatagramSize)
        {
            slices.Add(await toB.MeasureAsync(Sample));
            memory = Math.Max(memory, a.Process.ResidentBytes);
        }

        var status = await a.StatusAsync();
        var unanswered = datagrams.Packets - sentBefore - (datagrams.Received - receivedBefore);
        c.Process.Resume();

        var during = slices.Count / slices.Sum(rate => 1 / rate); // As many bytes each.
        var drops = status.Sum("counters.dropped_outbound") - dropsBefore;
        output.WriteLine(
            $"figure: a peer stopped: the other at {during / before:F2} of its rate before ({before * 8 / 1e9:F2} Gbit/s; slowest {slices.Min() / before:F2}), "
            + $"memory {(memory - memoryBefore) / 1e6:F1} MB more than {memoryBefore / 1e6:F0}, {drops} packets of {unanswered} and more counted as dropped");
        output.WriteLine(status.ToString());
        Assert.InRange(memory - memoryBefore, long.MinValue, MemoryLimit);
        Assert.True(drops > 0, $"No drop is counted.\n{status}");

        // Both go on.
        await Task.WhenAll(toC.MeasureAsync(8 << 20), toB.MeasureAsync(8 << 20));
        receivedBefore = datagrams.Received;
        await Eventually.TrueAsync(() => datagrams.Received > receivedBefore + DatagramsPerSecond);
        return during / before;
    }
}
