using FsCheck;
using FsCheck.Fluent;
using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class SegmentationProperties
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(new Replay(new Rnd(20240603, 1), Microsoft.FSharp.Core.FSharpOption<int>.None));

    [Fact]
    public void Segment_AnySuperPacket_IsCompleteAndReassembles()
    {
        var shapes =
            from isIPv4 in Gen.Elements(true, false)
            from isTcp in Gen.Elements(true, false)
            from size in Gen.Choose(OffloadLimits.MinTcpSegmentSize, 3000)
            from count in Gen.Choose(1, OffloadLimits.MaxUdpSegments)
            from last in Gen.Choose(1, size)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from options in Gen.Choose(0, 10)
            select new Shape(isIPv4, isTcp, size, Math.Min(((count - 1) * size) + last, 65_000), seed, options * 4);

        Prop.ForAll(shapes.ToArbitrary(), Holds).Check(Fixed);
    }

    private static bool Holds(Shape shape)
    {
        var payload = TestPackets.RandomBytes(shape.PayloadLength, shape.Seed);
        var packet = shape.IsTcp
            ? SuperPackets.Tcp(shape.IsIPv4, payload, (ushort)shape.SegmentSize, sequence: (uint)shape.Seed, tcpOptions: TestPackets.RandomBytes(shape.OptionsLength, shape.Seed))
            : SuperPackets.Udp(shape.IsIPv4, payload, (ushort)shape.SegmentSize);
        Assert.True(IpPacket.TryParse(packet.Span, out var info));
        Assert.True(OffloadPackets.TryValidate(packet.Offload, info, packet.Span));
        var pool = new PacketPool();
        var output = new PacketBuffer[OffloadPackets.SegmentCount(packet.Offload, packet.Length, info)];

        var count = OffloadPackets.Segment(packet, info, pool, output);

        Assert.Equal((shape.PayloadLength + shape.SegmentSize - 1) / shape.SegmentSize, count);
        var rest = payload.AsSpan();
        foreach (var segment in output)
        {
            ReferenceChecksum.AssertComplete(segment.Span, info.Protocol, info.TransportOffset);
            Assert.True(IpPacket.TryParse(segment.Span, out var segmentInfo));
            Assert.Equal(info.Key, segmentInfo.Key);
            Assert.True(segment.Offload.IsNone);
            var part = segment.Span[(info.TransportOffset + info.TransportHeaderLength)..];
            Assert.True(rest.StartsWith(part));
            rest = rest[part.Length..];
        }
        Assert.True(rest.IsEmpty);
        return true;
    }

    private sealed record Shape(bool IsIPv4, bool IsTcp, int SegmentSize, int PayloadLength, int Seed, int OptionsLength);
}
