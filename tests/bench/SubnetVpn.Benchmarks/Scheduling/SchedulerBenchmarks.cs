using BenchmarkDotNet.Attributes;
using SubnetVpn.Scheduling.Multiplex;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.Streams;

namespace SubnetVpn.Benchmarks.Scheduling;

/// <summary>The stream of a new flow, and whether the pool is to grow: asked once a flow, not once a packet.</summary>
[MemoryDiagnoser]
public class SchedulerBenchmarks
{
    private readonly ConnectionKey _key = new(VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("10.0.0.2"), 6, 50_000, 443);
    private StreamPoolLoad _pool;
    private StreamLoad[] _streams = [];
    private IStreamScheduler? _scheduler;

    [Params("sticky", "multiplex")]
    public string Scheduler { get; set; } = "";

    [Params(1, 2, 10, 50)]
    public int Streams { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var settings = new SchedulerSettings();
        _scheduler = Scheduler == "sticky" ? new StickyScheduler(settings) : new MultiplexScheduler(settings);
        _streams = [.. Enumerable.Range(0, Streams).Select(static id => new StreamLoad(id, Flows: id % 7, QueuedPackets: id % 5, QueueCapacity: 100, TimeSpan.Zero))];
        _pool = new StreamPoolLoad(MinStreams: 1, MaxStreams: Streams, TimeSpan.FromMinutes(5), Opening: 0, SinceLastChange: TimeSpan.FromMinutes(1));
    }

    [Benchmark]
    public int Pick() => _scheduler!.Pick(_key, _streams);

    [Benchmark]
    public StreamScaling Scale() => _scheduler!.Scale(_pool, _streams);
}
