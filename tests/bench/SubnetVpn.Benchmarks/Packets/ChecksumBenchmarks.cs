using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Benchmarks.Packets;

/// <summary>The checksum of IP, TCP and UDP over as many bytes as a header, a small packet, a packet and a super-packet have.</summary>
[MemoryDiagnoser]
public class ChecksumBenchmarks
{
    private byte[] _data = [];

    [Params(20, 64, 1400, 65_535)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => new Random(1).NextBytes(_data = new byte[Bytes]);

    [Benchmark]
    public ushort Checksum() => InternetChecksum.Fold(InternetChecksum.Sum(_data));
}
