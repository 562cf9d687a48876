using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using SubnetVpn.Core.Frames;

namespace SubnetVpn.Benchmarks.Frames;

/// <summary>Reading frames from a stream whose bytes are there: header, then body into a buffer. Per frame.</summary>
[MemoryDiagnoser]
public class FrameReaderBenchmarks
{
    private const int Mtu = 1400;
    private const int Frames = 64;

    private readonly byte[] _body = new byte[PacketBuffer.MaxPacketLength + PacketOffload.Size];
    private FrameReader? _reader;

    [Params(64, 1400, 65_535)]
    public int PacketLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var packet = new PacketBuffer(PacketLength);
        packet.SetLength(PacketLength);
        // What is longer than the MTU comes as a super-packet only.
        packet.Offload = PacketLength > Mtu ? BenchFrames.Offload : default;
        FrameFormat.PrependPacket(packet);
        _reader = new FrameReader(new RepeatingStream(packet.Span.ToArray()), Mtu);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Read()
    {
        var read = ReadAsync();
        return read.IsCompleted ? read.Result : throw new InvalidOperationException("The bytes were not there.");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAsync()
    {
        var bytes = 0;
        for (var frame = 0; frame < Frames; frame++)
        {
            var (ok, header) = await _reader!.ReadHeaderAsync(CancellationToken.None);
            if (!ok || !await _reader.FillAsync(_body.AsMemory(0, header.BodyLength), insideFrame: true, CancellationToken.None))
                throw new InvalidOperationException("The stream ended.");
            bytes += header.BodyLength;
        }
        return bytes;
    }
}
