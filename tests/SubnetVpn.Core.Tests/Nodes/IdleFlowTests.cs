using System.Diagnostics;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

[Collection(AloneCollection.Name)]
public sealed class IdleFlowTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Flows = 50_000;
    private const int MaxUnderWay = 50;

    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private TestNode _a = null!;
    private TestNode _b = null!;

    private WorkerPool Workers => _a.Service.Run!.FindPeer(_b.Peer)!.Workers;

    public async ValueTask InitializeAsync()
    {
        _a = new TestNode(_network, "a", "10.0.0.1", change: static settings => settings with { WorkerCleanupInterval = TimeSpan.FromHours(1), WorkerIdleTimeout = TimeSpan.FromHours(1) });
        _b = new TestNode(_network, "b", "10.0.0.2");
        await _a.StartWithAsync(_b);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    // A packet waits for one step at the most.
    [Fact]
    public async Task RemoveIdle_OneStep_LooksAtAFewFlows()
    {
        await SendAllAsync();
        SetIdleTimeout(TimeSpan.FromMilliseconds(1));

        await Eventually.TrueAsync(() =>
        {
            var position = 0UL;
            Assert.True(Workers.RemoveIdle(ref position));
            return Workers.Count < Flows;
        });

        Assert.InRange(Workers.Count, Flows - 1000, Flows - 1);

        var (steps, rest, isMore) = (new List<double>(), 0UL, true);
        while (isMore)
        {
            var started = Stopwatch.GetTimestamp();
            isMore = Workers.RemoveIdle(ref rest);
            steps.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
        steps.Sort();
        output.WriteLine($"{steps.Count} steps, {steps[steps.Count / 2]:0.0} us each, 99 % within {steps[steps.Count * 99 / 100]:0.0} us, the longest {steps[^1]:0.0} us, {steps.Sum():0} us in all; {Workers.Count} flows left");
    }

    [Fact]
    public async Task RemoveIdle_WhileAFlowIsUsed_KeepsThatOneAndItsOrder()
    {
        await SendAllAsync();
        await Eventually.TrueAsync(() => Receive() == 0 && _b.Service.GetMetrics().PacketsReceived >= Flows);
        using var over = new CancellationTokenSource();
        var sending = Task.Run(() => SendUntil(over.Token));
        SetIdleTimeout(TimeSpan.FromMilliseconds(100));

        await Eventually.TrueAsync(() =>
        {
            Workers.RemoveIdle();
            return Workers.Count <= 1;
        });
        await over.CancelAsync();
        var sent = await sending;

        Assert.InRange(sent, 1, int.MaxValue);
        Assert.Equal(0, _a.Service.GetMetrics().OutboundDrops.Values.Sum());
    }

    private int Receive()
    {
        var packets = 0;
        while (_b.Tun.TryReceive(out _))
            packets++;
        return packets;
    }

    private void SetIdleTimeout(TimeSpan timeout) => _a.Service.Apply(_a.Service.Settings with { WorkerIdleTimeout = timeout });

    private async Task SendAllAsync()
    {
        for (var flow = 1; flow <= Flows; flow++)
        {
            Send(flow, flow);
            if (flow % 500 == 0)
                await Eventually.TrueAsync(() => _a.Service.GetMetrics().PacketsSent == flow);
        }
        Assert.Equal(Flows, Workers.Count);
    }

    // One flow, until told otherwise; checks the order of what arrives.
    private int SendUntil(CancellationToken over)
    {
        var (sent, received) = (0, 0);
        for (; !over.IsCancellationRequested; sent++)
        {
            Send(0, sent);
            do
            {
                while (_b.Tun.TryReceive(out var arrived))
                    Assert.Equal(received++, UdpPacket.NumberOf(arrived));
            }
            // No more under way than queues hold.
            while (sent - received > MaxUnderWay && Thread.Yield() | !over.IsCancellationRequested);
        }
        return sent;
    }

    private void Send(int flow, int number)
    {
        var packet = _a.Pool.Rent(64);
        packet.Set(UdpPacket.Make(_a.Address, _b.Address, (ushort)(1 + flow), 53, number));
        _a.Service.Dispatch(packet);
    }
}
