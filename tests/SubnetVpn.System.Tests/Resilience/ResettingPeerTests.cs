using System.Net;
using System.Text.Json;
using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>A peer that resets every stream: its breaker opens, probes and closes, and nobody else sees anything of it.</summary>
public sealed class ResettingPeerTests(ITestOutputHelper output)
{
    private const int FailureThreshold = 3, SuccessThreshold = 2;
    private const string VirtualIp = "10.77.0.3";

    // Between the clock of the node, which is asked how long it still waits, and ours.
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_AreReset_OpenTheBreakerWhichProbesAndCloses(bool readsFirst)
    {
        await using var lab = await Lab.CreateAsync("abc");
        var peer = lab.Own(new ResettingPeer(readsFirst));
        var (a, b) = await lab.AddPairAsync(settings => settings with
        {
            Vpn =
            [
                $"circuit_breaker_failure_threshold: {FailureThreshold}", $"circuit_breaker_success_threshold: {SuccessThreshold}",
                "circuit_breaker_reset_timeout: 3s", "retry_max_attempts: 10", "retry_initial_interval: 100ms", "retry_max_interval: 1s",
            ],
        });
        a.Knows(peer.Listen(lab.Machines[2], VirtualIp));
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var pinging = PingAsync(a, b, stop.Token);
        await using var datagrams = new NumberedFlows(a, new IPEndPoint(IPAddress.Parse(VirtualIp), 9), packetsPerSecond: 100, size: 64);
        datagrams.Add(1);

        // It opens after as many streams as the threshold says.
        var open = await WaitForAsync(a, peer, "open");
        var seen = peer.Streams.Count;
        output.WriteLine($"open after {seen} streams on {peer.Connections} connections: {open}");
        Assert.Equal(FailureThreshold, seen);
        Assert.Equal(FailureThreshold, open.GetProperty("consecutive_failures").GetInt32());
        Assert.Matches("refused|reset", open.GetProperty("last_error").GetString());

        // Until the probe is due the peer sees nothing; then it sees one stream.
        await AssertProbesOnceAsync(a, peer, open.GetProperty("next_probe").GetDateTimeOffset());
        open = await WaitForAsync(a, peer, "open");
        peer.Behave();
        await AssertProbesOnceAsync(a, peer, open.GetProperty("next_probe").GetDateTimeOffset());
        seen = peer.Streams.Count;

        await Eventually.TrueAsync(() => peer.Packets > 0);
        var closed = await WaitForAsync(a, peer, "closed");
        output.WriteLine($"closed after {peer.Streams.Count - seen + 1} streams that lasted: {closed}");
        Assert.InRange(peer.Streams.Count - seen + 1, SuccessThreshold, int.MaxValue);
        Assert.Equal(JsonValueKind.Null, closed.GetProperty("next_probe").ValueKind);

        await stop.CancelAsync();
        output.WriteLine($"{await pinging} pings to the other peer, none lost\n{a.Log}");
    }

    // The circuit in the peers listing, once it is in this state.
    private static async Task<JsonElement> WaitForAsync(LabNode node, ResettingPeer peer, string state)
    {
        JsonElement circuit = default;
        await Eventually.TrueAsync(
            async () => (circuit = (await PeerView.OfAsync(node, peer.PeerId)).GetProperty("circuit")).GetProperty("state").GetString() == state,
            $"the breaker is {state}",
            () => $"{circuit}, {peer.Streams.Count} streams\n{node.Log}");
        return circuit;
    }

    private static async Task AssertProbesOnceAsync(LabNode node, ResettingPeer peer, DateTimeOffset due)
    {
        var (streams, connections) = (peer.Streams.Count, peer.Connections);
        await Eventually.TrueAsync(() => peer.Streams.Count > streams);
        var probe = peer.Streams[streams];
        Assert.True(probe >= due - _tolerance, $"The probe of {due:O} was seen at {probe:O}.\n{node.Log}");
        Assert.InRange(peer.Connections - connections, 0, 1);
    }

    // Pings until stopped; how many.
    private static async Task<int> PingAsync(LabNode from, LabNode to, CancellationToken stop)
    {
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            var ping = await Ping.RunAsync(from.Machine.Namespace, to.VirtualIp, count: 100, interval: "0.01");
            ping.AssertLossless(from);
            count += ping.Sent;
        }

        return count;
    }
}
