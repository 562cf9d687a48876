using System.Buffers.Binary;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Tests.Tcp;

public sealed class StandingQueueTests
{
    [Theory]
    [InlineData(21_000, 200, 20_000, 200, 0, 0)] // no queue to speak of
    [InlineData(38_000, 200, 20_000, 300, 0, 17_200)] // what waits beyond the shortest way, less the deviation
    [InlineData(38_000, 200, 20_000, 300, 125_000, 27_200)] // and what is not sent yet, at 12.5 MB/s
    [InlineData(90_000, 200, 20_000, 900, 0, 40_000)] // never longer than this
    [InlineData(12_000, 3_000, 500, 300, 0, 0)] // a wire that delays each packet differently
    [InlineData(38_000, 200, 20_000, 3, 0, 0)] // the queue is not of its making
    [InlineData(38_000, 200, 20_000, 300, 0, 0, 36_000_000)] // it still looks for its rate
    [InlineData(38_000, 200, uint.MaxValue, 300, 0, 0)] // nothing measured yet
    public void GetDrainTime_IsThatOfTheQueueOfTheConnection(uint roundTrip, uint deviation, uint least, uint unacked, uint unsent, int expected, ulong pacing = 12_500_000)
    {
        Span<byte> info = stackalloc byte[168];
        BinaryPrimitives.WriteUInt32LittleEndian(info[16..], 1448);
        BinaryPrimitives.WriteUInt32LittleEndian(info[24..], unacked);
        BinaryPrimitives.WriteUInt32LittleEndian(info[68..], roundTrip);
        BinaryPrimitives.WriteUInt32LittleEndian(info[72..], deviation);
        BinaryPrimitives.WriteUInt32LittleEndian(info[144..], unsent);
        BinaryPrimitives.WriteUInt32LittleEndian(info[148..], least);
        BinaryPrimitives.WriteUInt64LittleEndian(info[104..], pacing);
        BinaryPrimitives.WriteUInt64LittleEndian(info[160..], 12_500_000);

        Assert.Equal(TimeSpan.FromMicroseconds(expected), StandingQueue.GetDrainTime(info));
    }

    [Fact]
    public void GetDrainTime_OfAnOlderKernel_IsZero() =>
        Assert.Equal(TimeSpan.Zero, StandingQueue.GetDrainTime(stackalloc byte[104]));
}
