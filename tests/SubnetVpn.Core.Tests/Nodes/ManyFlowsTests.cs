using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

[Collection(AloneCollection.Name)]
public sealed class ManyFlowsTests(ITestOutputHelper output)
{
    private const int Flows = 100_000;
    private const int Ports = 50_000;

    // The most that one live connection key may take: worker, entry of the map, and what the collector leaves between them.
    private const int MaxBytesPerFlow = 500;

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Flows_AHundredThousandToOnePeer_AreAllKeptAndForgottenWhenIdle()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await a.StartWithAsync(b);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var flow = 0; flow < Flows; flow++)
        {
            var packet = a.Pool.Rent(64);
            packet.Set(UdpPacket.Make(a.Address, b.Address, (ushort)(1 + (flow % Ports)), (ushort)(1 + (flow / Ports)), flow));
            a.Service.Dispatch(packet);
        }

        Assert.Equal(Flows, a.Service.GetMetrics().ActiveWorkers);
        await Eventually.TrueAsync(() => a.Service.GetMetrics() is var metrics && metrics.PacketsSent + metrics.OutboundDrops.Values.Sum() == Flows);
        while (b.Tun.Waiting > 0)
            await b.Tun.ReceiveAsync();
        var perFlow = (GC.GetTotalMemory(forceFullCollection: true) - before) / Flows;
        output.WriteLine($"{perFlow} bytes per connection key");
        Assert.InRange(perFlow, 1, MaxBytesPerFlow);

        a.Service.Apply(a.Service.Settings with { WorkerIdleTimeout = TimeSpan.FromMilliseconds(1), WorkerCleanupInterval = TimeSpan.FromMilliseconds(50) });

        await Eventually.TrueAsync(() => a.Service.GetMetrics().ActiveWorkers == 0);
    }
}
