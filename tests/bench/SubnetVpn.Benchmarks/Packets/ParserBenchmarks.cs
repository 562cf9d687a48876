using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Benchmarks.Packets;

/// <summary>Reading the headers of one packet: of addresses, flow and transport header.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private readonly byte[] _tcp = BenchPackets.IPv4Tcp(1400);
    private readonly byte[] _udp6 = BenchPackets.IPv6Udp(200);
    private readonly byte[] _first = BenchPackets.IPv4Fragment(1396, 0);
    private readonly byte[] _later = BenchPackets.IPv4Fragment(1396, 1376);
    private readonly byte[] _fragment6 = BenchPackets.IPv6Fragment(1400);

    [Benchmark]
    public bool IPv4Tcp() => IpPacket.TryParse(_tcp, out _);

    [Benchmark]
    public bool IPv6Udp() => IpPacket.TryParse(_udp6, out _);

    [Benchmark]
    public bool IPv4FirstFragment() => IpPacket.TryParse(_first, out _);

    [Benchmark]
    public bool IPv4LaterFragment() => IpPacket.TryParse(_later, out _);

    [Benchmark]
    public bool IPv6Fragment() => IpPacket.TryParse(_fragment6, out _);

    [GlobalSetup]
    public void CheckThatAllParse()
    {
        if (!(IPv4Tcp() && IPv6Udp() && IPv4FirstFragment() && IPv4LaterFragment() && IPv6Fragment()))
            throw new InvalidOperationException("One of the packets is malformed, so that only its refusal would be measured.");
    }
}
