using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Frames;
using SubnetVpn.Tun;

namespace SubnetVpn.Benchmarks.Frames;

/// <summary>The first frame of a stream: once a stream, not once a packet.</summary>
[MemoryDiagnoser]
public class HelloBenchmarks
{
    private readonly Hello _hello = new()
    {
        Mtu = 1400,
        VirtualIps = [VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("fd00::1")],
        Offloads = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation,
        Number = 1,
        AgentVersion = "subnetvpn/0.1.0",
    };

    private byte[] _body = [];

    [GlobalSetup]
    public void Setup() => _body = HelloCodec.Encode(_hello);

    [Benchmark]
    public int Encode() => HelloCodec.Encode(_hello).Length;

    [Benchmark]
    public bool Decode() => HelloCodec.TryDecode(_body, out _);
}
