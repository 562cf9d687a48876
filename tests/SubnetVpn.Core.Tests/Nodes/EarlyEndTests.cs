using SubnetVpn.Resilience;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

public sealed class EarlyEndTests
{
    private readonly MemoryNetwork _network = new(TimeProvider.System);

    // Counted as successes, such streams would keep the circuit breaker closed for ever.
    [Fact]
    public async Task Stream_ThatThePeerEndsAtOnce_IsAFailureForTheResiliencePolicy()
    {
        var policy = new RecordingPolicy();
        await using var node = new TestNode(_network, "node", "10.0.0.1", resilience: policy);
        await using var peer = new RawPeer(_network, "peer", "/vpn/2.0.0");
        await peer.ListenAsync();
        await node.StartAsync();
        node.Discovery.Tell(node.Mapping with { Peer = peer.Peer, Prefixes = [IpPrefix.Parse("10.0.0.2/32")], Addresses = ["/memory/peer"] });

        (await peer.AcceptAsync()).Reset();

        await Eventually.TrueAsync(() => policy.Errors.Count == 1);
        Assert.Contains("reset_by_peer", policy.Errors.First());
        Assert.Contains("reset_by_peer", node.Service.GetSnapshot().Peers[0].LastError);
    }

    private sealed class RecordingPolicy : IResiliencePolicy
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = [];

        public async ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
            ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken)
        {
            var result = await operation(state, cancellationToken);
            if (!result.IsSuccess)
                Errors.Enqueue(result.Error!);
            return new ResilienceResult<T>(result.IsSuccess ? ResilienceOutcome.Succeeded : ResilienceOutcome.Failed, result.Value, result.Error, 1);
        }

        public CircuitSnapshot GetCircuit(ResilienceKey key) => CircuitSnapshot.Closed;
    }
}
