using BenchmarkDotNet.Attributes;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>
/// A packet from dispatch to the stream of one peer, as the number of live connection keys grows. Every packet has another key than the
/// one before it, far from it in memory: the worst case.
/// </summary>
[MemoryDiagnoser]
public class DispatchByKeysBenchmarks
{
    private const int Packets = 12_800;

    // A prime that divides no number of keys.
    private const int Stride = 7919;

    private BenchNode? _node;
    private int _key;

    [Params(1, 1_000, 100_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _node = BenchNode.Start(peers: 1);
        for (var key = 0; key < Keys; key++)
            _node.Dispatch(peer: 0, key, count: 1);
        _node.Drain();
    }

    [GlobalCleanup]
    public void Cleanup() => _node!.Dispose();

    [Benchmark(OperationsPerInvoke = Packets)]
    public void Dispatch()
    {
        for (var packet = 0; packet < Packets; packet++)
        {
            _key = (_key + Stride) % Keys;
            _node!.Dispatch(peer: 0, _key, count: 1);
        }
        _node!.Drain();
    }
}
