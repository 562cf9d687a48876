using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Resilience;
using SubnetVpn.Resilience.None;
using SubnetVpn.Resilience.Polly;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Resilience;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Core.Tests.Metrics;

public sealed class ResilienceMetricsTests : IDisposable
{
    private static readonly ResilienceKey s_key = new("open_stream", "peer");
    private readonly ScopedMeters _meters = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly VpnMetrics _metrics;
    private readonly MetricProbe _probe;

    public ResilienceMetricsTests()
    {
        _metrics = new VpnMetrics(_meters, "default");
        _probe = new MetricProbe(_meters);
    }

    public void Dispose()
    {
        _probe.Dispose();
        _metrics.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Circuit_FromClosedToClosed_StateAndTransitionsAreMeasured()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 2, RetryMaxAttempts = 1 });
        using var watch = _metrics.ObserveResilience(policy);
        var operation = new ScriptedOperation(_clock);

        await RunAsync(policy, operation);
        Assert.Equal([0.0], States());
        Assert.Empty(Transitions());
        operation.Fail();
        await RunAsync(policy, operation);
        await RunAsync(policy, operation);
        Assert.Equal([1.0], States());
        _clock.Advance(TimeSpan.FromSeconds(60));
        operation.Succeed();
        await RunAsync(policy, operation);
        Assert.Equal([2.0], States());
        await RunAsync(policy, operation);

        Assert.Equal([0.0], States());
        Assert.Equal(["closed 1", "half_open 1", "open 1"], Transitions());
        Assert.Equal(1, _probe.Sum("subnetvpn.circuit.transitions", "network=default", "peer=peer", "operation=open_stream", "state=open"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Operations_EveryOutcome_IsCountedOnce()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 4, RetryMaxAttempts = 3 });
        using var watch = _metrics.ObserveResilience(policy);
        var operation = new ScriptedOperation(_clock);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await RunAsync(policy, operation);
        operation.Script = static (run, _) => ValueTask.FromResult(run == 2 ? OperationResult<int>.Failure("Once.") : OperationResult<int>.Success(run));
        await RunAsync(policy, operation);
        await RunAsync(policy, operation, cancelled.Token);
        operation.Fail();
        await RunAsync(policy, operation);
        await RunAsync(policy, operation);
        await RunAsync(policy, operation);

        Assert.Equal((2, 2, 1, 1), (Count("succeeded"), Count("failed"), Count("circuit_open"), Count("cancelled")));
        Assert.Equal((3, 1, 1), (Sum("attempts"), Sum("successes"), Sum("failures")));

        double Count(string outcome) => _probe.Sum("subnetvpn.operations", "network=default", "operation=open_stream", $"outcome={outcome}");
        double Sum(string what) => _probe.Sum($"subnetvpn.retry.{what}", "network=default", "operation=open_stream");
    }

    // Peers choose their ids, and there may be many of them.
    [Fact(Timeout = 60_000)]
    public async Task Circuits_OfVeryManyPeers_ShareALabel()
    {
        var policy = Create(new ResilienceSettings { CircuitBreakerFailureThreshold = 1, RetryMaxAttempts = 1 });
        using var watch = _metrics.ObserveResilience(policy);
        var operation = new ScriptedOperation(_clock);
        operation.Fail();

        for (var peer = 0; peer < 1_000; peer++)
            await ((ICircuitBreakers)policy).ExecuteAsync(new ResilienceKey("open_stream", $"peer {peer}"), operation.RunAsync, CancellationToken.None);

        Assert.InRange(_probe.Collect().Count(static measured => measured.Name == "subnetvpn.circuit.state"), 1, 256);
        Assert.Equal(1_000, _probe.Sum("subnetvpn.circuit.transitions", "state=open"));
        Assert.InRange(_probe.Sum("subnetvpn.circuit.transitions", "state=open", "peer=other"), 1, 999);
    }

    [Fact(Timeout = 60_000)]
    public async Task Watch_Ended_CountsNoMore()
    {
        var policy = Create(new ResilienceSettings());

        _metrics.ObserveResilience(policy)!.Dispose();
        await RunAsync(policy, new ScriptedOperation(_clock));

        Assert.Equal(0, _probe.Sum("subnetvpn.operations"));
    }

    [Fact]
    public void PolicyThatTellsNothing_HasNoInstruments()
    {
        Assert.Null(_metrics.ObserveResilience(new NoResiliencePolicy()));
        Assert.DoesNotContain("subnetvpn.operations", _probe.Instruments.Keys);
    }

    private PollyResiliencePolicy Create(ResilienceSettings settings) => new(settings, _clock, NullLogger<PollyResiliencePolicy>.Instance);

    private async Task RunAsync(PollyResiliencePolicy policy, ScriptedOperation operation, CancellationToken cancellationToken = default)
    {
        var execution = policy.ExecuteAsync(s_key, static (script, token) => script.RunAsync(token), operation, cancellationToken).AsTask();
        await _clock.RunUntilAsync(execution);
    }

    private IEnumerable<double> States() =>
        _probe.Collect().Where(static measured => measured.Name == "subnetvpn.circuit.state" && measured.Tags.Contains("peer=peer")).Select(static measured => measured.Value);

    private IEnumerable<string> Transitions() => _probe.Collect()
        .Where(static measured => measured.Name == "subnetvpn.circuit.transitions")
        .Select(static measured => $"{measured.Tags.Single(static tag => tag.StartsWith("state=", StringComparison.Ordinal))["state=".Length..]} {measured.Value}").Order(StringComparer.Ordinal);
}
