using SubnetVpn.Scheduling.Multiplex;
using SubnetVpn.Streams;

namespace SubnetVpn.Plugins.Tests.SchedulingMultiplex;

public sealed class MultiplexSchedulerTests
{
    private static readonly SchedulerSettings s_settings = new();
    private static readonly TimeSpan s_idleTimeout = TimeSpan.FromSeconds(300);
    private static readonly ConnectionKey s_key = new(VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("10.0.0.2"), 6, 1000, 443);
    private readonly MultiplexScheduler _scheduler = new(s_settings);

    [Fact]
    public void Pick_ManyFlows_AreSpreadEvenly()
    {
        var streams = Streams(4, static load => load);

        for (ushort port = 1; port <= 402; port++)
        {
            var index = _scheduler.Pick(new ConnectionKey(s_key.Source, s_key.Destination, 6, port, 443), streams);
            streams[index] = streams[index] with { Flows = streams[index].Flows + 1 };
        }

        Assert.All(streams, static stream => Assert.InRange(stream.Flows, 100, 101));
    }

    [Fact]
    public void Pick_QueueThatIsLongForAMoment_DoesNotCount()
    {
        StreamLoad[] streams = [new(1, 2, 0, 100, default), new(2, 1, 90, 100, default, TimeSpan.FromSeconds(1), 1000)];

        Assert.Equal(1, _scheduler.Pick(s_key, streams));
    }

    [Fact]
    public void Pick_MoreStreamsThanItMayUse_UsesTheOldest()
    {
        StreamLoad[] streams = [new(9, 0, 0, 100, default), new(4, 7, 0, 100, default), new(5, 6, 0, 100, default), new(8, 0, 0, 100, default)];
        var scheduler = new MultiplexScheduler(s_settings with { MaxStreamsPerMultiplexer = 2 });

        Assert.Equal(5, streams[scheduler.Pick(s_key, streams)].Id);
    }

    [Fact]
    public void Disabled_AllFlows_ShareOneStream()
    {
        var scheduler = new MultiplexScheduler(s_settings with { MultiplexingEnabled = false });
        StreamLoad[] streams = [new(9, 0, 0, 100, default), new(4, 700, 50, 100, default, TimeSpan.FromSeconds(1), 1000)];

        Assert.Equal(4, streams[scheduler.Pick(s_key, streams)].Id);
        Assert.Equal(StreamScaling.Stay, scheduler.Scale(Pool(min: 1), streams.AsSpan(1, 1)));
        // What is left of better times goes, however large the load is.
        Assert.Equal(StreamScaling.Shrink(9), scheduler.Scale(Pool(min: 1), streams));
        Assert.Equal(StreamScaling.Stay, scheduler.Scale(Pool(min: 2), streams));
    }

    [Fact]
    public void Pick_NoStreams_Throws() => Assert.Throws<ArgumentException>(() => _scheduler.Pick(s_key, []));

    [Theory]
    [InlineData(20, 60, 5, 0, StreamScalingAction.Grow)] // fast and slow to leave
    [InlineData(20, 40, 5, 0, StreamScalingAction.Stay)] // fast
    [InlineData(10, 60, 5, 0, StreamScalingAction.Stay)] // slow to leave, but few
    [InlineData(20, 0, 20, 0, StreamScalingAction.Grow)] // fast, and many flows
    [InlineData(10, 0, 20, 0, StreamScalingAction.Stay)] // many flows that say little
    [InlineData(0, 0, 500, 0, StreamScalingAction.Shrink)] // many flows that say nothing
    [InlineData(1.6, 0, 5, 0, StreamScalingAction.Shrink)] // hardly anything
    [InlineData(1.7, 0, 5, 0, StreamScalingAction.Stay)]
    [InlineData(2, 0, 0, 31, StreamScalingAction.Grow)] // full queues
    [InlineData(2, 0, 0, 30, StreamScalingAction.Stay)]
    [InlineData(0, 0, 0, 31, StreamScalingAction.Grow)] // full queues of which nothing leaves
    public void Scale_FollowsTheLoad(double packetsPerSecond, int delayMilliseconds, int flows, int queued, StreamScalingAction expected)
    {
        // Two streams above the minimum of one; the victim of a shrink has nothing queued.
        var scheduler = new MultiplexScheduler(s_settings with { MinStreamsPerMultiplexer = 1 });
        var streams = Streams(2, load => load with
        {
            Flows = flows,
            QueuedPackets = queued,
            QueueDelay = TimeSpan.FromMilliseconds(delayMilliseconds),
            PacketsPerSecond = packetsPerSecond,
        });

        Assert.Equal(expected, scheduler.Scale(Pool(min: 1), streams).Action);
    }

    [Fact]
    public void Scale_DelayOfAStreamThatRests_IsHistory()
    {
        StreamLoad[] streams = [new(1, 1, 0, 100, default, TimeSpan.FromMilliseconds(1), 500), new(2, 1, 0, 100, s_idleTimeout, TimeSpan.FromMinutes(1), 0)];

        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(Pool(), streams));
    }

    [Fact]
    public void Scale_WithinTheInterval_ChangesNothingButTheMinimum()
    {
        var high = Streams(3, static load => load with { QueuedPackets = 100 });
        var low = Streams(3, static load => load);
        var tooSoon = s_settings.AutoScalingInterval - TimeSpan.FromTicks(1);

        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(Pool(sinceLastChange: tooSoon), high));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(Pool(sinceLastChange: tooSoon), low));
        Assert.Equal(StreamScaling.Grow, _scheduler.Scale(Pool(sinceLastChange: TimeSpan.Zero), high.AsSpan(0, 1)));
        Assert.Equal(StreamScaling.Grow, _scheduler.Scale(Pool(sinceLastChange: s_settings.AutoScalingInterval), high));
        Assert.Equal(StreamScalingAction.Shrink, _scheduler.Scale(Pool(sinceLastChange: s_settings.AutoScalingInterval), low).Action);
    }

    [Theory]
    [InlineData(1, 10, 5)] // its own maximum
    [InlineData(1, 3, 3)] // the pool's, which is less
    [InlineData(7, 10, 7)] // the pool keeps more than that anyway
    public void Scale_HighLoad_GrowsToTheMaximum(int min, int max, int expected)
    {
        var count = 1;
        while (_scheduler.Scale(Pool(min, max), Streams(count, static load => load with { QueuedPackets = 90 })).Action == StreamScalingAction.Grow)
            count++;

        Assert.Equal(expected, count);
    }

    [Theory]
    [InlineData(1, 2)] // its own minimum
    [InlineData(3, 3)] // the pool's, which is more
    public void Scale_LowLoad_ShrinksToTheMinimumThoughThereAreFlows(int min, int expected)
    {
        var count = 5;
        while (_scheduler.Scale(Pool(min), Streams(count, static load => load with { Flows = 3 })).Action == StreamScalingAction.Shrink)
            count--;

        Assert.Equal(expected, count);
    }

    [Fact]
    public void Scale_PeerThatIsNotInUse_GetsNoMoreThanThePoolWants()
    {
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(Pool(min: 0), []));
        Assert.Equal(StreamScaling.Grow, _scheduler.Scale(Pool(min: 0), Streams(1, static load => load)));
    }

    [Fact]
    public void Scale_LowLoad_TheStreamWithTheFewestFlowsAndAnEmptyQueueGoes()
    {
        StreamLoad[] streams =
        [
            new(1, 0, 1, 100, default),
            new(2, 3, 0, 100, default),
            new(3, 2, 0, 100, default),
            new(4, 2, 0, 100, TimeSpan.FromSeconds(1)),
        ];

        Assert.Equal(StreamScaling.Shrink(4), _scheduler.Scale(Pool(), streams));
        Assert.Equal(StreamScaling.Shrink(3), _scheduler.Scale(Pool(), streams.AsSpan(0, 3)));
        Assert.Equal(StreamScaling.Stay, _scheduler.Scale(Pool(), Streams(4, static load => load with { QueuedPackets = 1 })));
    }

    private static StreamPoolLoad Pool(int min = 1, int max = 10, TimeSpan? sinceLastChange = null) =>
        new(min, max, s_idleTimeout, Opening: 0, sinceLastChange ?? TimeSpan.FromHours(1));

    private static StreamLoad[] Streams(int count, Func<StreamLoad, StreamLoad> change) =>
        [.. Enumerable.Range(1, count).Select(id => change(new StreamLoad(id, 0, 0, 100, TimeSpan.Zero)))];
}
