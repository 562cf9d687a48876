using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>Two connections to one peer, where the application at the end of one stops reading, so that its window closes.</summary>
public sealed class StalledApplicationTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const double Floor = 0.5;
    private const long Sample = 128L << 20;

    [Fact]
    public async Task StopReading_OneOfTwoConnections_OtherKeepsItsRate()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await using var stalled = await TcpFlow.StartAsync(a, b);
        await using var other = await TcpFlow.StartAsync(a, b);

        var ratio = 0.0;
        for (var round = 0; round < Rounds && ratio < Floor; round++)
        {
            await Task.WhenAll(stalled.MeasureAsync(Sample), other.MeasureAsync(Sample));
            var before = await other.MeasureAsync(Sample);
            stalled.PauseReading();
            var during = await other.MeasureAsync(4 * Sample);
            var standing = stalled.Received;
            await other.MeasureAsync(Sample);
            Assert.Equal(standing, stalled.Received);
            stalled.ResumeReading();
            ratio = during / before;
            output.WriteLine($"figure: an application stopped reading: the other connection at {ratio:F2} of its rate before ({before * 8 / 1e9:F2} Gbit/s)");
        }

        Assert.True(ratio >= Floor, $"{ratio:F2} of the rate before.\n{await a.StatusAsync()}\n{a.Log}");
        foreach (var flow in new[] { stalled, other })
        {
            var transfer = await flow.FinishAsync();
            Assert.Equal((transfer.Sent, transfer.SentHash), (transfer.Received, transfer.ReceivedHash));
        }
    }
}
