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
    [InlineData(new[] { 1, 1 }, new[] { 51, 51 }, 0, StreamScalingAction.Grow)] // every queue is more than half full
    [InlineData(new[] { 1, 1 }, new[] { 51, 50 }, 0, StreamScalingAction.Stay)] // one is not
    [InlineData(new[] { 20, 1 }, new[] { 0, 51 }, 0, StreamScalingAction.Grow)] // one of each
    [InlineData(new[] { 20, 20 }, new[] { 0, 0 }, 1, StreamScalingAction.Stay)] // one is on its way
    [InlineData(new[] { 20, 20, 20 }, new[] { 0, 0, 0 }, 0, StreamScalingAction.Stay)] // the maximum
    public void Scale_GrowsWhenEveryStreamIsBusy(int[] flows, int[] queued, int opening, StreamScalingAction expected) =>
        Assert.Equal(expected, _scheduler.Scale(new StreamPoolLoad(1, 3, s_idleTimeout, opening, default), Streams(flows, queued)).Action);

    [Fact]
    public void Scale_NoMinimumAndNoStreams_Stays() =>
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(0, 3, s_idleTimeout, 0, default), []));

    [Fact]
    public void Scale_SeveralAreIdle_TheOneThatIsIdleLongestGoes()
    {
        StreamLoad[] streams =
        [
            new(1, 0, 0, 100, s_idleTimeout - TimeSpan.FromTicks(1)),
            new(2, 1, 0, 100, s_idleTimeout * 9),
            new(3, 0, 1, 100, s_idleTimeout * 9),
            new(4, 0, 0, 100, s_idleTimeout),
            new(5, 0, 0, 100, s_idleTimeout * 2),
        ];

        Assert.Equal(StreamScaling.Shrink(5), _scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, 0, default), streams));
        Assert.Equal(StreamScaling.Shrink(4), _scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, 0, default), streams.AsSpan(0, 4)));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, 0, default), streams.AsSpan(0, 3)));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(new StreamPoolLoad(5, 10, s_idleTimeout, 0, default), streams));
    }

    private static StreamLoad[] Streams(int[] flows, int[] queued) =>
        [.. flows.Select((count, index) => new StreamLoad(index + 1, count, queued[index], 100, TimeSpan.Zero))];
}
