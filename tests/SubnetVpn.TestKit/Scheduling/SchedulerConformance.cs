using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Scheduling;

/// <summary>What every <see cref="IStreamScheduler"/> must do. Inherit it and say how to make one.</summary>
public abstract class SchedulerConformance
{
    private const int Cases = 2_000;
    private static readonly TimeSpan s_idleTimeout = TimeSpan.FromSeconds(300);

    /// <summary>Makes a scheduler with default options.</summary>
    protected abstract IStreamScheduler Create();

    [Fact]
    public void Pick_AnyLoads_ReturnsAnIndexAndTheSameAgain()
    {
        var scheduler = Create();
        var random = new Random(1);
        for (var i = 0; i < Cases; i++)
        {
            var (key, streams) = (RandomKey(random), RandomStreams(random, atLeast: 1));

            var index = scheduler.Pick(key, streams);

            Assert.InRange(index, 0, streams.Length - 1);
            Assert.Equal(index, scheduler.Pick(key, streams));
        }
    }

    [Fact]
    public void Pick_OneStreamIsBetterInEveryRespect_NeverTheWorst()
    {
        var scheduler = Create();
        var random = new Random(2);
        for (var i = 0; i < Cases; i++)
        {
            var streams = RandomStreams(random, atLeast: 2);
            streams[0] = new StreamLoad(1, Flows: 100_000, QueuedPackets: 100, QueueCapacity: 100, TimeSpan.Zero);
            streams[^1] = streams[^1] with { Flows = 0, QueuedPackets = 0 };

            Assert.NotEqual(0, scheduler.Pick(RandomKey(random), streams));
        }
    }

    [Fact]
    public void Pick_ManyFlows_UsesEveryStream()
    {
        var scheduler = Create();
        var random = new Random(3);
        var streams = Enumerable.Range(1, 4).Select(static id => new StreamLoad(id, 0, 0, 100, TimeSpan.Zero)).ToArray();

        for (var flow = 0; flow < 400; flow++)
        {
            var index = scheduler.Pick(RandomKey(random), streams);
            streams[index] = streams[index] with { Flows = streams[index].Flows + 1 };
        }

        Assert.All(streams, static stream => Assert.InRange(stream.Flows, 40, 250));
    }

    [Fact]
    public void Scale_AnyLoads_KeepsToTheLimitsAndTheSameAgain()
    {
        var scheduler = Create();
        var random = new Random(4);
        for (var i = 0; i < Cases; i++)
        {
            var streams = RandomStreams(random, atLeast: 0);
            var min = random.Next(0, 6);
            var pool = new StreamPoolLoad(min, random.Next(Math.Max(1, min), 12), s_idleTimeout, random.Next(0, 3), RandomTime(random));

            var scaling = scheduler.Scale(pool, streams);

            Assert.Equal(scaling, scheduler.Scale(pool, streams));
            if (scaling.Action == StreamScalingAction.Grow)
                Assert.True(streams.Length + pool.Opening < pool.MaxStreams, $"It grows beyond the maximum: {pool}, {streams.Length} streams");
            if (scaling.Action != StreamScalingAction.Shrink)
                continue;
            var victim = Assert.Single(streams, stream => stream.Id == scaling.StreamId);
            Assert.True(streams.Length > pool.MinStreams, $"It shrinks below the minimum: {pool}, {streams.Length} streams");
            // Flows of a stream that is let go move in order, but only once its queue is empty.
            Assert.True(victim.QueuedPackets == 0, $"It lets go a stream with packets in its queue: {victim}");
        }
    }

    // A scheduler that deals the packets, or the flows, round robin keeps state, and gives the same flow another stream the next time.
    [Fact]
    public void Pick_SameFlowAndLoadsManyTimes_NeverAnotherStream()
    {
        var scheduler = Create();
        var random = new Random(7);
        var keys = Enumerable.Range(0, 20).Select(_ => RandomKey(random)).ToArray();
        var streams = Enumerable.Range(1, 4).Select(static id => new StreamLoad(id, 3, 0, 100, TimeSpan.Zero)).ToArray();
        var first = Array.ConvertAll(keys, key => scheduler.Pick(key, streams));

        for (var i = 0; i < 1_000; i++)
        {
            var flow = random.Next(keys.Length);
            Assert.Equal(first[flow], scheduler.Pick(keys[flow], streams));
        }
    }

    [Fact]
    public void Scale_BusyStreamsOnly_NeverShrinks()
    {
        var scheduler = Create();
        var streams = Enumerable.Range(1, 4).Select(static id => Overloaded(id) with { QueuedPackets = 0, PacketsPerSecond = 1_000 }).ToArray();

        var scaling = scheduler.Scale(new StreamPoolLoad(2, 4, s_idleTimeout, Opening: 0, TimeSpan.FromHours(1)), streams);

        Assert.NotEqual(StreamScalingAction.Shrink, scaling.Action);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Scale_BelowTheMinimum_Grows(int count)
    {
        var streams = Enumerable.Range(1, count).Select(static id => new StreamLoad(id, 0, 0, 100, TimeSpan.Zero)).ToArray();

        var scaling = Create().Scale(new StreamPoolLoad(2, 10, s_idleTimeout, Opening: 0, TimeSpan.FromHours(1)), streams);

        Assert.Equal(StreamScalingAction.Grow, scaling.Action);
    }

    [Fact]
    public void Scale_MinimumIsBeingOpened_DoesNotGrow()
    {
        var scaling = Create().Scale(new StreamPoolLoad(2, 10, s_idleTimeout, Opening: 2, TimeSpan.FromHours(1)), []);

        Assert.NotEqual(StreamScalingAction.Grow, scaling.Action);
    }

    [Fact]
    public void Scale_EveryStreamOverloaded_GrowsToTheMaximumAndNoFurther()
    {
        var scheduler = Create();
        var streams = new List<StreamLoad> { Overloaded(1) };
        while (streams.Count < 100 && scheduler.Scale(new StreamPoolLoad(1, 5, s_idleTimeout, Opening: 0, TimeSpan.FromHours(1)), streams.ToArray()).Action == StreamScalingAction.Grow)
            streams.Add(Overloaded(streams.Count + 1));

        Assert.Equal(5, streams.Count);
    }

    [Fact]
    public void Scale_EveryStreamIdle_ShrinksToTheMinimumAndNoFurther()
    {
        var scheduler = Create();
        var streams = Enumerable.Range(1, 8).Select(static id => new StreamLoad(id, 0, 0, 100, TimeSpan.FromHours(id))).ToList();
        while (scheduler.Scale(new StreamPoolLoad(2, 10, s_idleTimeout, Opening: 0, TimeSpan.FromHours(1)), streams.ToArray()) is { Action: StreamScalingAction.Shrink } shrink)
            Assert.Equal(1, streams.RemoveAll(stream => stream.Id == shrink.StreamId));

        Assert.Equal(2, streams.Count);
    }

    [Fact]
    public void PickAndScale_SteadyState_AllocateNothing()
    {
        var scheduler = Create();
        var random = new Random(5);
        var (key, streams) = (RandomKey(random), RandomStreams(random, atLeast: 8));
        var pool = new StreamPoolLoad(2, 10, s_idleTimeout, Opening: 0, TimeSpan.FromHours(1));
        Run(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                scheduler.Pick(key, streams);
                scheduler.Scale(pool, streams);
            }
        }
    }

    [Fact]
    public async Task Pick_FromSeveralThreads_GivesTheSameAnswers()
    {
        var scheduler = Create();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var random = new Random(6);
            return Enumerable.Range(0, Cases).Select(_ => scheduler.Pick(RandomKey(random), RandomStreams(random, atLeast: 1))).ToArray();
        })));

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
    }

    private static StreamLoad Overloaded(int id) => new(id, Flows: 100_000, QueuedPackets: 100, QueueCapacity: 100, TimeSpan.Zero);

    private static ConnectionKey RandomKey(Random random) => new(
        VirtualIp.Parse($"10.0.0.{random.Next(1, 255)}"), VirtualIp.Parse($"10.0.0.{random.Next(1, 255)}"), 6, (ushort)random.Next(1, 65_536), (ushort)random.Next(1, 65_536));

    private static StreamLoad[] RandomStreams(Random random, int atLeast)
    {
        var streams = new StreamLoad[random.Next(atLeast, 12)];
        for (var i = 0; i < streams.Length; i++)
        {
            var capacity = random.Next(1, 500);
            // Half of them idle, so that every branch is reached.
            streams[i] = random.Next(2) == 0
                ? new StreamLoad((i * 7) + 3, 0, 0, capacity, RandomTime(random))
                : new StreamLoad((i * 7) + 3, random.Next(0, 60), random.Next(0, capacity + 1), capacity, RandomTime(random), TimeSpan.FromMilliseconds(random.Next(0, 300)), random.Next(0, 2_000) / (1 + random.Next(100)));
        }
        return streams;
    }

    private static TimeSpan RandomTime(Random random) => TimeSpan.FromSeconds(random.Next(0, 900));
}
