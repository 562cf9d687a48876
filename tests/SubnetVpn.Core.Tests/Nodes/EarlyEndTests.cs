using SubnetVpn.Resilience;
using SubnetVpn.Streams;
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
        await StartAsync(node, peer);

        (await peer.AcceptAsync()).Reset();

        await Eventually.TrueAsync(() => policy.Errors.Count == 1);
        Assert.Contains("reset_by_peer", policy.Errors.First());
        Assert.Contains("reset_by_peer", node.Service.GetSnapshot().Peers[0].LastError);
    }

    // The news that the peer is connected may come late: that of our own connection, whose streams it ends, says nothing.
    [Fact]
    public async Task PeerConnected_WhileThePeerEndsOurStreams_ForgivesNothing()
    {
        var policy = new RecordingPolicy { Tries = 2 };
        LateNews? news = null;
        await using var node = new TestNode(_network, "node", "10.0.0.1", resilience: policy, wrap: transport => news = new LateNews(transport));
        await using var peer = new RawPeer(_network, "peer", "/vpn/2.0.0");
        await StartAsync(node, peer);

        (await peer.AcceptAsync()).Reset();
        var second = await peer.AcceptAsync();
        Assert.Single(policy.Errors);
        news!.Observer!.PeerConnected(peer.Peer);
        second.Reset();
        await Eventually.TrueAsync(() => policy.Errors.Count == 2);
        news.Observer.PeerConnected(peer.Peer);

        Assert.Equal(0, policy.Resets);
    }

    // Once the peer could not be reached either, it is another matter.
    [Fact]
    public async Task PeerConnected_AfterItCouldNotBeReached_ForgivesWhatItEndedBefore()
    {
        var policy = new RecordingPolicy { Tries = 2 };
        LateNews? news = null;
        await using var node = new TestNode(_network, "node", "10.0.0.1", resilience: policy, wrap: transport => news = new LateNews(transport));
        await using var peer = new RawPeer(_network, "peer", "/vpn/2.0.0");
        await StartAsync(node, peer);

        var first = await peer.AcceptAsync();
        news!.IsCut = true;
        first.Reset();
        await Eventually.TrueAsync(() => policy.Errors.Count == 2);
        Assert.Contains("cut", policy.Errors.Last());
        news.Observer!.PeerConnected(peer.Peer);

        Assert.Equal(1, policy.Resets);
    }

    private static async Task StartAsync(TestNode node, RawPeer peer)
    {
        await peer.ListenAsync();
        await node.StartAsync();
        node.Discovery.Tell(node.Mapping with { Peer = peer.Peer, Prefixes = [IpPrefix.Parse("10.0.0.2/32")], Addresses = ["/memory/peer"] });
    }

    /// <summary>A transport that tells its node of no peer: the test does.</summary>
    private sealed class LateNews(ITransport inner) : ITransport
    {
        public IPeerObserver? Observer { get; private set; }

        public bool IsCut { get; set; }

        public ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
            inner.ListenAsync(addresses, cancellationToken);

        public ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken) => IsCut
            ? ValueTask.FromResult(OpenStreamResult.Failed(OpenStreamFailure.Unreachable, "The wire is cut."))
            : inner.OpenStreamAsync(peer, request, cancellationToken);

        public IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler) => inner.HandleStreams(protocol, handler);

        public IDisposable WatchPeers(IPeerObserver observer)
        {
            Observer = observer;
            return inner.WatchPeers(new Nobody());
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private sealed class Nobody : IPeerObserver
        {
            public void PeerConnected(PeerId peer)
            {
            }

            public void PeerDisconnected(PeerId peer, string reason)
            {
            }
        }
    }

    private sealed class RecordingPolicy : IResiliencePolicy, ICircuitBreakers
    {
        private int _resets;

        public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = [];

        public int Tries { get; init; } = 1;

        public int Resets => Volatile.Read(ref _resets);

        public async ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
            ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken)
        {
            OperationResult<T> result = default;
            for (var i = 0; i < Tries && !result.IsSuccess; i++)
            {
                result = await operation(state, cancellationToken);
                if (!result.IsSuccess)
                    Errors.Enqueue(result.Error!);
            }
            return new ResilienceResult<T>(result.IsSuccess ? ResilienceOutcome.Succeeded : ResilienceOutcome.Failed, result.Value, result.Error, Tries);
        }

        public ValueTask<ResilienceResult<T>> ExecuteAsync<T>(
            ResilienceKey key, Func<CancellationToken, ValueTask<OperationResult<T>>> operation, CancellationToken cancellationToken) =>
            ExecuteAsync(key, static (operation, token) => operation(token), operation, cancellationToken);

        public void Reset(ResilienceKey key) => Interlocked.Increment(ref _resets);

        public IReadOnlyDictionary<ResilienceKey, CircuitSnapshot> GetStates() => new Dictionary<ResilienceKey, CircuitSnapshot>();

        public CircuitSnapshot GetCircuit(ResilienceKey key) => CircuitSnapshot.Closed;
    }
}
