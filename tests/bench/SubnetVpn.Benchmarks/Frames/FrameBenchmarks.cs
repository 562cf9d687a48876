using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Frames;

namespace SubnetVpn.Benchmarks.Frames;

/// <summary>Writing a header in front of a packet, and reading a header.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private const int Mtu = 1400;
    private const int PacketLength = 1400;

    private readonly PacketBuffer _buffer = new(PacketLength);
    private readonly byte[] _packetFrame = Frame(default);
    private readonly byte[] _offloadFrame = Frame(BenchFrames.Offload);

    [Benchmark]
    public int PrependPacket() => Prepend(default);

    [Benchmark]
    public int PrependOffload() => Prepend(BenchFrames.Offload);

    [Benchmark]
    public int PrependLegacy()
    {
        _buffer.SetLength(PacketLength);
        _buffer.Offload = default;
        FrameFormat.PrependLegacy(_buffer);
        return _buffer.Offset;
    }

    [Benchmark]
    public int ReadPacketHeader() => FrameFormat.TryReadHeader(_packetFrame, Mtu, out var header, out _) ? header.BodyLength : throw new InvalidOperationException();

    [Benchmark]
    public int ReadOffloadHeader()
    {
        if (!FrameFormat.TryReadHeader(_offloadFrame, Mtu, out _, out _))
            throw new InvalidOperationException();
        return PacketOffload.Read(_offloadFrame.AsSpan(FrameFormat.HeaderSize)).SegmentSize;
    }

    private static byte[] Frame(PacketOffload offload)
    {
        var buffer = new PacketBuffer(PacketLength);
        buffer.SetLength(PacketLength);
        buffer.Offload = offload;
        FrameFormat.PrependPacket(buffer);
        return buffer.Span.ToArray();
    }

    private int Prepend(PacketOffload offload)
    {
        _buffer.SetLength(PacketLength);
        _buffer.Offload = offload;
        FrameFormat.PrependPacket(_buffer);
        return _buffer.Offset;
    }
}
