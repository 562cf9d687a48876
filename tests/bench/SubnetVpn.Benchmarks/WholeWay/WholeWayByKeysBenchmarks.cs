using BenchmarkDotNet.Attributes;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>
/// A packet from the TUN device to the socket, encrypted, as the number of live connection keys grows. Every packet has another key than
/// the one before it, the worst case; or nine of ten have one key of a hundred.
/// </summary>
[MemoryDiagnoser]
public class WholeWayByKeysBenchmarks
{
    private const int Count = 12_800;

    private WholeWayNode? _node;
    private Action<PacketBuffer>? _write;

    [Params(1, 1_000, 100_000)]
    public int Keys { get; set; }

    [Params(200, 1400)]
    public int Length { get; set; }

    [Params(false, true)]
    public bool IsSkewed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _node = WholeWayNode.Start(peers: 1);
        var train = new PacketTrain(_node.MakePackets(Length)[0], Keys, IsSkewed);
        _write = train.Write;
        var key = 0;
        _node.Send(Keys, buffer => train.Write(buffer, key++));
    }

    [GlobalCleanup]
    public void Cleanup() => _node!.Dispose();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Send() => _node!.Send(Count, _write!);
}
