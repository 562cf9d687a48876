using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>
/// The worker of a packet's key, as the number of keys grows, each far from the one before it in memory: one by one, with the workers of
/// sixteen packets touched before, and with a dictionary.
/// </summary>
[MemoryDiagnoser]
public class FlowTableBenchmarks
{
    private const int Packets = 12_800;
    private const int Batch = 16;

    private readonly FlowTable _table = new();
    private readonly Dictionary<ConnectionKey, FlowWorker> _dictionary = [];
    private ConnectionKey[] _keys = [];

    [Params(1, 1_000, 100_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var (source, destination) = (VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("10.0.0.2"));
        var keys = Enumerable.Range(0, Keys).Select(number => new ConnectionKey(source, destination, 17, (ushort)(number % 50_000), (ushort)(number / 50_000))).ToArray();
        foreach (var key in keys)
        {
            var worker = new FlowWorker(key);
            _table.Add(worker, key.GetHashCode());
            _dictionary.Add(key, worker);
        }
        // The keys themselves are read in order: they come with the packet.
        _keys = [.. Enumerable.Range(0, Packets * 8).Select(_ => keys[random.Next(Keys)])];
    }

    [Benchmark(OperationsPerInvoke = Packets * 8)]
    public long Find()
    {
        var sum = 0L;
        foreach (ref readonly var key in _keys.AsSpan())
            sum += Use(_table.Find(key, key.GetHashCode())!);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets * 8)]
    public long TouchAndFind()
    {
        var sum = 0L;
        Span<int> hashes = stackalloc int[Batch];
        for (var first = 0; first < _keys.Length; first += Batch)
        {
            var keys = _keys.AsSpan(first, Batch);
            for (var i = 0; i < Batch; i++)
                hashes[i] = keys[i].GetHashCode();
            foreach (var hash in hashes)
                sum += _table.Touch(hash);
            for (var i = 0; i < Batch; i++)
                sum += Use(_table.Find(keys[i], hashes[i])!);
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets * 8)]
    public long Dictionary()
    {
        var sum = 0L;
        foreach (ref readonly var key in _keys.AsSpan())
            sum += Use(_dictionary[key]);
        return sum;
    }

    /// <summary>A look at every worker, as the removal of idle ones takes it: the whole walk.</summary>
    [Benchmark]
    public ulong Sweep()
    {
        var position = 0UL;
        while (_table.Sweep(ref position, slots: 512, static worker => worker.LastUsed < 0))
        {
        }
        return position;
    }

    // What a packet does with its worker, behind a lock: nothing of the next packet can begin before.
    private static long Use(FlowWorker worker)
    {
        worker.LastUsed++;
        Interlocked.MemoryBarrier();
        return worker.LastNumber;
    }
}
