using BenchmarkDotNet.Attributes;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Benchmarks.Yamux;

/// <summary>One write of one packet, or of a whole batch, through the multiplexer: to nowhere, or encrypted into the buffer of a send.</summary>
[MemoryDiagnoser]
public class YamuxWriteBenchmarks
{
    private const int PacketLength = 1400;

    private NullConnection? _connection;
    private YamuxStream? _stream;
    private ReadOnlyMemory<byte>[] _batch = [];

    [Params(1, 64)]
    public int Packets { get; set; }

    [Params(false, true)]
    public bool IsEncrypted { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _connection = new NullConnection(IsEncrypted);
        _stream = _connection.Open();
        _batch = [.. Enumerable.Range(0, Packets).Select(static _ => new ReadOnlyMemory<byte>(new byte[PacketLength]))];
    }

    [GlobalCleanup]
    public void Cleanup() => _connection!.Dispose();

    [Benchmark]
    public void Write()
    {
        var write = _stream!.WriteAsync(_batch, CancellationToken.None);
        if (!write.IsCompleted || write.Result != StreamEnd.None)
            throw new InvalidOperationException("The write did not go through.");
    }
}
