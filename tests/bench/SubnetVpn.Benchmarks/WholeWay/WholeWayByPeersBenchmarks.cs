using BenchmarkDotNet.Attributes;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>
/// A packet from the TUN device to the socket, encrypted, as the number of peers grows. Packets come in trains of one flow, as a TUN
/// device reads them: one by one to 200 peers in turn would measure how many packets share a send, not what peers cost.
/// </summary>
[MemoryDiagnoser]
public class WholeWayByPeersBenchmarks
{
    private const int Count = 12_800;
    private const int Train = 64;

    private WholeWayNode? _node;
    private Action<PacketBuffer>? _write;

    [Params(2, 200)]
    public int Peers { get; set; }

    [Params(200, 1400)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _node = WholeWayNode.Start(Peers);
        var packets = _node.MakePackets(Length);
        var next = 0;
        _write = buffer => buffer.Set(packets[next++ / Train % packets.Length]);
        _node.Send(Peers * Train, _write);
    }

    [GlobalCleanup]
    public void Cleanup() => _node!.Dispose();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Send() => _node!.Send(Count, _write!);
}
