using SubnetVpn.Core.Streams;

namespace SubnetVpn.Core.Tests.Streams;

public sealed class DelayControlTests
{
    private readonly DelayControl _control = new();
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void Burst_ShorterThanTheInterval_Passes()
    {
        Assert.Equal(0, Run(TimeSpan.FromMilliseconds(90), waited: TimeSpan.FromMilliseconds(80)));
    }

    [Fact]
    public void StandingQueue_IsDroppedMoreAndMoreOften()
    {
        var first = Run(TimeSpan.FromMilliseconds(500), waited: TimeSpan.FromMilliseconds(50));
        var second = Run(TimeSpan.FromMilliseconds(500), waited: TimeSpan.FromMilliseconds(50));
        var third = Run(TimeSpan.FromMilliseconds(500), waited: TimeSpan.FromMilliseconds(50));

        // The n-th drop comes 100 ms / √n after the one before it.
        Assert.InRange(first, 5, 9);
        Assert.True(first < second && second < third, $"{first}, {second}, {third} drops in three equal times");
    }

    [Fact]
    public void StandingQueue_ThatBecomesShort_DropsNoMore()
    {
        Run(TimeSpan.FromMilliseconds(500), waited: TimeSpan.FromMilliseconds(50));

        Assert.Equal(0, Run(TimeSpan.FromMilliseconds(500), waited: TimeSpan.FromMilliseconds(9)));
    }

    [Fact]
    public void LastPacket_IsNotDropped()
    {
        Assert.Equal(0, Run(TimeSpan.FromSeconds(2), waited: TimeSpan.FromMilliseconds(500), isLast: true));
    }

    [Fact]
    public void Packet_ThatWaitedLongerThanAnybodyNeedsIt_IsDroppedUnlessItIsTheLast()
    {
        var waited = DelayControl.MaxWait + TimeSpan.FromMilliseconds(1);

        Assert.True(_control.ShouldDrop(waited, _now, isLast: false));
        Assert.False(_control.ShouldDrop(waited, _now, isLast: true));
    }

    // A packet each millisecond.
    private int Run(TimeSpan time, TimeSpan waited, bool isLast = false)
    {
        var drops = 0;
        for (var until = _now + time; _now < until; _now += TimeSpan.FromMilliseconds(1))
            drops += _control.ShouldDrop(waited, _now, isLast) ? 1 : 0;
        return drops;
    }
}
