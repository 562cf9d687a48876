using BenchmarkDotNet.Attributes;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>
/// A packet from dispatch to the stream, as the number of peers grows: parse, filter, route, worker, queue, writer, frame. Packets
/// come in trains of one flow, as a TUN device reads them.
/// </summary>
[MemoryDiagnoser]
public class DispatchByPeersBenchmarks
{
    private const int Packets = 12_800;
    private const int Train = 64;

    private BenchNode? _node;
    private int _next;

    [Params(2, 20, 200)]
    public int Peers { get; set; }

    [GlobalSetup]
    public void Setup() => _node = BenchNode.Start(Peers);

    [GlobalCleanup]
    public void Cleanup() => _node!.Dispose();

    [Benchmark(OperationsPerInvoke = Packets)]
    public void Dispatch()
    {
        for (var train = 0; train < Packets / Train; train++)
        {
            _node!.Dispatch(peer: _next++ % Peers, key: 0, count: Train);
        }
        _node!.Drain();
    }
}
