using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Resilience;
using SubnetVpn.Resilience.Polly;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Breakers on the real path: what the node tells of them, and the reset by hand.</summary>
public sealed class CircuitTests
{
    private static readonly ResilienceSettings s_settings = new()
    {
        CircuitBreakerFailureThreshold = 1,
        CircuitBreakerResetTimeout = TimeSpan.FromDays(1),
        CircuitBreakerSuccessThreshold = 1,
    };

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Peer_ThatCannotBeReached_OpensItsCircuitUntilItIsResetByHand()
    {
        var policy = new PollyResiliencePolicy(s_settings, TimeProvider.System, NullLogger<PollyResiliencePolicy>.Instance);
        await using var a = new TestNode(_network, "a", "10.0.0.1", resilience: policy);
        using var probe = new MetricProbe(a.Meters);
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await using var other = new TestNode(_network, "other", "10.0.0.3");
        await other.StartAsync(a);
        a.Discovery.Tell(b.Mapping with { Addresses = [] });
        await a.StartAsync(other);
        await Eventually.TrueAsync(() => CircuitOf(a, b).State == CircuitState.Open && PeerOf(a, b)?.LastError is not null);

        // From now on it could be reached, but the breaker does not know.
        var open = CircuitOf(a, b);
        await b.StartAsync();
        a.Discovery.Tell(b.Mapping);
        await Eventually.TrueAsync(() => PeerOf(a, b)!.Addresses.Count > 0);
        await a.ReadyAsync(other);
        Assert.Equal((1, CircuitState.Closed), (open.ConsecutiveFailures, CircuitOf(a, other).State));
        Assert.NotNull(open.LastError);
        Assert.NotNull(open.NextProbe);
        Assert.Equal(1, probe.Sum("subnetvpn.circuit.state", $"peer={b.Peer}", "operation=open_stream"));
        var reset = a.Service.ResetPeer(b.Peer);
        await a.ReadyAsync(b);

        Assert.Equal([ResilienceKey.ForPeer("open_stream", b.Peer)], reset!.Keys);
        Assert.Equal(CircuitState.Open, reset.Values.Single().State);
        Assert.Equal(CircuitState.Closed, CircuitOf(a, b).State);
        Assert.Equal(0, probe.Sum("subnetvpn.circuit.state", $"peer={b.Peer}", "operation=open_stream"));
        Assert.True(probe.Sum("subnetvpn.circuit.transitions", $"peer={b.Peer}", "state=closed") >= 1);
        Assert.True(probe.Sum("subnetvpn.operations", "operation=open_stream", "outcome=failed") >= 1);
        Assert.Equal(0, probe.Sum("subnetvpn.circuit.transitions", $"peer={other.Peer}"));
    }

    [Fact]
    public async Task ResetPeer_NothingToForgetOrNobodyKnown_SaysSo()
    {
        await using var a = new TestNode(
            _network, "a", "10.0.0.1", resilience: new PollyResiliencePolicy(s_settings, TimeProvider.System, NullLogger<PollyResiliencePolicy>.Instance));
        await using var b = new TestNode(_network, "b", "10.0.0.2");
        await b.StartAsync(a);
        Assert.Null(a.Service.ResetPeer(b.Peer));
        await a.StartAsync(b);
        await a.ReadyAsync(b);
        await Eventually.TrueAsync(() => a.Service.ResetPeer(b.Peer) is { Count: 0 });

        Assert.Null(a.Service.ResetPeer(a.Peer));
    }

    private static CircuitSnapshot CircuitOf(TestNode node, TestNode peer) =>
        PeerOf(node, peer)?.Circuit ?? CircuitSnapshot.Closed;

    private static PeerSnapshot? PeerOf(TestNode node, TestNode peer) =>
        node.Service.GetSnapshot().Peers.SingleOrDefault(known => known.Peer == peer.Peer);
}
