using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Benchmarks.Packets;

/// <summary>A TCP super-packet of 64 KiB cut into complete packets, as for a TUN device without offload.</summary>
[MemoryDiagnoser]
public class SegmentationBenchmarks
{
    private const int Length = 65_535;
    private const int SegmentSize = 1360;

    private readonly PacketPool _pool = new();
    private readonly PacketBuffer[] _segments = new PacketBuffer[OffloadLimits.MaxSegments];
    private readonly PacketBuffer _packet = new(Length);
    private PacketInfo _info;

    [GlobalSetup]
    public void Setup()
    {
        _packet.Set(BenchPackets.IPv4Tcp(Length));
        _packet.Offload = new PacketOffload(
            PacketOffload.NeedsChecksumFlag, GsoType.TcpV4, BenchPackets.IPv4Header + BenchPackets.TcpHeader, SegmentSize, BenchPackets.IPv4Header, ChecksumOffset: 16);
        if (!IpPacket.TryParse(_packet.Span, out _info) || !OffloadPackets.TryValidate(_packet.Offload, _info, _packet.Span))
            throw new InvalidOperationException("The super-packet is not valid.");
    }

    [Benchmark]
    public int Segment64KiB()
    {
        var count = OffloadPackets.Segment(_packet, _info, _pool, _segments);
        for (var index = 0; index < count; index++)
            _segments[index].Release();
        return count;
    }
}
