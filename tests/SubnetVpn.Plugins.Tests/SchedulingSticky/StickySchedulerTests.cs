using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.Streams;

namespace SubnetVpn.Plugins.Tests.SchedulingSticky;

public sealed class StickySchedulerTests
{
    private static readonly TimeSpan s_idleTimeout = TimeSpan.FromSeconds(300);
    private static readonly ConnectionKey s_key = new(VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("10.0.0.2"), 6, 1000, 443);
    private readonly StickyScheduler _scheduler = new();

    [Theory]
    [InlineData(new[] { 3, 1, 2 }, new[] { 0, 0, 0 }, 1)] // fewest flows
    [InlineData(new[] { 1, 1, 1 }, new[] { 50, 10, 20 }, 1)] // emptiest queue
    [InlineData(new[] { 1, 3 }, new[] { 100, 0 }, 1)] // a full queue weighs more than a few flows
    [InlineData(new[] { 1, 30 }, new[] { 50, 0 }, 0)] // many flows weigh more than a half full queue
    [InlineData(new[] { 2, 2, 2 }, new[] { 5, 5, 5 }, 0)] // equal: the lowest id
    public void Pick_TakesTheLeastLoaded(int[] flows, int[] queued, int expected) =>
        Assert.Equal(expected, _scheduler.Pick(s_key, Streams(flows, queued)));

    [Fact]
    public void Apply_OtherSettings_HoldFromThenOn()
    {
        var scheduler = new StickyScheduler(new SchedulerSettings { UsageCountWeight = 1, BufferUtilWeight = 0, UsageCountThreshold = 10 });
        var streams = Streams([1, 3], [50, 0]);
        var (picked, scaled) = (scheduler.Pick(s_key, streams), scheduler.Scale(new StreamPoolLoad(1, 10, s_idleTimeout, 0, TimeSpan.FromHours(1)), streams));

        scheduler.Apply(new SchedulerSettings { UsageCountWeight = 0, BufferUtilWeight = 1, UsageCountThreshold = 1 });

        Assert.Equal((0, StreamScaling.Stay), (picked, scaled));
        Assert.Equal((1, StreamScaling.Grow), (scheduler.Pick(s_key, streams), scheduler.Scale(new StreamPoolLoad(1, 10, s_idleTimeout, 0, TimeSpan.FromHours(1)), streams)));
    }

    [Theory]
    [InlineData(1, 0, 0)] // by flows only
    [InlineData(0, 1, 1)] // by queues only
    [InlineData(0, 0, 0)] // by neither: fewest flows
    [InlineData(0.5, 0.5, 1)] // 5 flows of 10 and half a queue of 100
    [InlineData(0.5, 0.1, 0)]
    public void Pick_WeightsAndThreshold_AreThoseOfTheSettings(double flowWeight, double queueWeight, int expected)
    {
        var scheduler = new StickyScheduler(new SchedulerSettings { UsageCountWeight = flowWeight, BufferUtilWeight = queueWeight, UsageCountThreshold = 10 });

        Assert.Equal(expected, scheduler.Pick(s_key, Streams([1, 5], [60, 0])));
    }

    [Fact]
    public void Pick_FewPacketsThatWaitLong_CountAsAFullQueue()
    {
        StreamLoad[] streams =
        [
            new(1, 2, 3, 100, default, QueueDelay: TimeSpan.FromMilliseconds(90)),
            new(2, 2, 30, 100, default, QueueDelay: TimeSpan.FromMilliseconds(2)),
            new(3, 2, 0, 100, default, QueueDelay: TimeSpan.FromSeconds(9)),
        ];

        Assert.Equal(1, _scheduler.Pick(s_key, streams.AsSpan(0, 2)));
        // Nothing is queued: that it once took long is history.
        Assert.Equal(2, _scheduler.Pick(s_key, streams));
    }

    [Fact]
    public void Pick_EqualLoads_DoesNotDependOnTheOrder()
    {
        StreamLoad[] streams = [new(9, 1, 0, 100, default), new(4, 1, 0, 100, default), new(7, 1, 0, 100, default)];

        Assert.Equal(4, streams[_scheduler.Pick(s_key, streams)].Id);
        Array.Reverse(streams);
        Assert.Equal(4, streams[_scheduler.Pick(s_key, streams)].Id);
    }

    [Fact]
    public void Pick_NoStreams_Throws() => Assert.Throws<ArgumentException>(() => _scheduler.Pick(s_key, []));

    [Theory]
    [InlineData(new[] { 20, 20 }, new[] { 0, 0 }, 0, StreamScalingAction.Grow)] // every stream has many flows
    [InlineData(new[] { 20, 19 }, new[] { 0, 0 }, 0, StreamScalingAction.Stay)] // one has not
    [InlineData(new[] { 1, 1 }, new[] { 31, 31 }, 0, StreamScalingAction.Grow)] // every queue is fuller than the threshold
    [InlineData(new[] { 1, 1 }, new[] { 31, 30 }, 0, StreamScalingAction.Stay)] // one is not
    [InlineData(new[] { 1, 1 }, new[] { 100, 0 }, 0, StreamScalingAction.Stay)] // one large flow, to which a further stream is of no use
    [InlineData(new[] { 20, 1 }, new[] { 0, 31 }, 0, StreamScalingAction.Grow)] // one of each
    [InlineData(new[] { 20, 20 }, new[] { 0, 0 }, 1, StreamScalingAction.Stay)] // one is on its way
    [InlineData(new[] { 20, 20, 20 }, new[] { 0, 0, 0 }, 0, StreamScalingAction.Stay)] // the maximum
    public void Scale_GrowsWhenEveryStreamIsBusy(int[] flows, int[] queued, int opening, StreamScalingAction expected) =>
        Assert.Equal(expected, _scheduler.Scale(new StreamPoolLoad(1, 3, s_idleTimeout, opening, default), Streams(flows, queued)).Action);

    [Fact]
    public void Scale_NoMinimumAndNoStreams_Stays() =>
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(0, 3, s_idleTimeout, 0, default), []));

    [Fact]
    public void Scale_ThresholdsOfTheSettings_AreUsed()
    {
        var scheduler = new StickyScheduler(new SchedulerSettings { UsageCountThreshold = 3, BufferUtilThreshold = 80 });
        var pool = new StreamPoolLoad(1, 3, s_idleTimeout, 0, default);

        Assert.Equal(StreamScaling.Grow, scheduler.Scale(pool, Streams([3], [0])));
        Assert.Equal(StreamScaling.Stay, scheduler.Scale(pool, Streams([2], [80])));
        Assert.Equal(StreamScaling.Grow, scheduler.Scale(pool, Streams([2], [81])));
    }

    [Fact]
    public void Scale_QueuesAreShortInPacketsAndLongInTime_Grows()
    {
        StreamLoad[] streams = [new(1, 1, 5, 100, default, QueueDelay: TimeSpan.FromMilliseconds(31))];

        Assert.Equal(StreamScaling.Grow, _scheduler.Scale(new StreamPoolLoad(1, 3, s_idleTimeout, 0, default), streams));
    }

    [Fact]
    public void Scale_SeveralAreIdle_TheOneThatIsIdleLongestGoes()
    {
        StreamLoad[] streams =
        [
            new(1, 0, 0, 100, s_idleTimeout - TimeSpan.FromTicks(1)),
            new(2, 1, 0, 100, TimeSpan.Zero),
            new(3, 0, 1, 100, s_idleTimeout * 9),
            new(4, 0, 0, 100, s_idleTimeout),
            new(5, 0, 0, 100, s_idleTimeout * 2),
        ];

        Assert.Equal(StreamScaling.Shrink(5), _scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, 0, default), streams));
        Assert.Equal(StreamScaling.Shrink(4), _scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, 0, default), streams.AsSpan(0, 4)));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, 0, default), streams.AsSpan(0, 3)));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(5, 10, s_idleTimeout, 0, default), streams));
    }

    // Flows that live longer than the idle timeout of streams must not keep the pool from falling back to its minimum.
    [Fact]
    public void Scale_FlowsThatRest_DoNotKeepTheirStream()
    {
        StreamLoad[] streams =
        [
            new(1, 40, 0, 100, s_idleTimeout * 3),
            new(2, 40, 0, 100, s_idleTimeout * 9),
            new(3, 0, 0, 100, s_idleTimeout),
        ];
        var pool = new StreamPoolLoad(1, 10, s_idleTimeout, 0, default);

        // One without flows first, and they are no reason for a further stream.
        Assert.Equal(StreamScaling.Shrink(3), _scheduler.Scale(pool, streams));
        Assert.Equal(StreamScaling.Shrink(2), _scheduler.Scale(pool, streams.AsSpan(0, 2)));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(pool, streams.AsSpan(0, 1)));
    }

    [Fact]
    public void Scale_OneIsIdleAndTheOthersBusy_ItStaysForThem()
    {
        StreamLoad[] streams = [new(1, 20, 0, 100, default), new(2, 20, 0, 100, default), new(3, 0, 0, 100, s_idleTimeout)];

        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(1, 10, s_idleTimeout, 0, default), streams));
    }

    // What the pool does with one answer must not be undone by the next: streams would come and go for ever.
    [Fact]
    public void Scale_AnyLoads_ShrinkingIsNotFollowedByGrowing()
    {
        var random = new Random(8);
        for (var i = 0; i < 5_000; i++)
        {
            var streams = Enumerable.Range(1, random.Next(1, 8)).Select(id => new StreamLoad(
                id, random.Next(0, 30), random.Next(3) * 20, 100, s_idleTimeout * random.Next(0, 3))).ToArray();
            var pool = new StreamPoolLoad(random.Next(0, 3), 10, s_idleTimeout, 0, default);

            if (_scheduler.Scale(pool, streams) is { Action: StreamScalingAction.Shrink } shrink)
                Assert.NotEqual(StreamScalingAction.Grow, _scheduler.Scale(pool, Array.FindAll(streams, stream => stream.Id != shrink.StreamId)).Action);
        }
    }

    private static StreamLoad[] Streams(int[] flows, int[] queued) =>
        [.. flows.Select((count, index) => new StreamLoad(index + 1, count, queued[index], 100, TimeSpan.Zero))];
}
