using SubnetVpn.Plugins;
using SubnetVpn.Resilience;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Settings that change while the network runs.</summary>
public sealed class ApplyTests
{
    private const ushort Kept = 2000;
    private const ushort Closed = 3000;

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Apply_PortBecomesUnallowed_StopsPassingInwardsWhileAnotherGoesOn()
    {
        await using var pair = await TestPair.StartAsync(_network);
        var (a, b) = pair;

        await AssertBothPassAsync(a, b);
        var streams = b.Service.GetSnapshot().Peers[0].InboundStreams;
        Assert.Empty(b.Service.Apply(b.Service.Settings with { UnallowedPorts = new HashSet<ushort> { Closed } }));
        for (var i = 0; i < 50; i++)
        {
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, Closed, -1));
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, Kept, i));
            Assert.Equal(i, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
        }
        await Eventually.TrueAsync(() => b.Service.GetMetrics().InboundDrops.GetValueOrDefault(PacketDropReason.PortNotAllowed) == 50);
        Assert.Empty(b.Service.Apply(b.Service.Settings with { UnallowedPorts = new HashSet<ushort>() }));

        await AssertBothPassAsync(a, b);
        Assert.Equal(streams, b.Service.GetSnapshot().Peers[0].InboundStreams);
    }

    [Fact]
    public async Task Apply_PortBecomesUnallowed_StopsPassingOutwardsWhileAnotherGoesOn()
    {
        await using var pair = await TestPair.StartAsync(_network);
        var (a, b) = pair;

        await AssertBothPassAsync(a, b);
        a.Service.Apply(a.Service.Settings with { UnallowedPorts = new HashSet<ushort> { Closed } });
        for (var i = 0; i < 50; i++)
        {
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, Closed, -1));
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, Kept, i));
            Assert.Equal(i, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
        }

        Assert.Equal(50, a.Service.GetMetrics().OutboundDrops[PacketDropReason.PortNotAllowed]);
    }

    [Fact]
    public async Task Apply_StreamsOfMinimum_AreOpened()
    {
        await using var pair = await TestPair.StartAsync(_network);
        var (a, b) = pair;

        a.Service.Apply(a.Service.Settings with { MinStreamsPerPeer = 3 });

        // The next flow asks for what is missing.
        var port = (ushort)1000;
        await Eventually.TrueAsync(() =>
        {
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, port++, Kept, 0));
            return a.Service.GetSnapshot().Peers[0].Streams.Count == 3;
        });
    }

    [Fact]
    public async Task Apply_WhatOnlyANewNetworkCanHave_IsToldAndKept()
    {
        await using var a = new TestNode(_network, "a", "10.0.0.1");
        await a.StartAsync();
        var before = a.Service.Settings;

        var kept = a.Service.Apply(before with
        {
            Name = "other",
            Mtu = 1300,
            Addresses = [new TunAddress(VirtualIp.Parse("10.0.0.9"), 24)],
            Routes = [IpPrefix.Parse("10.1.0.0/16")],
            TunName = "other0",
            Protocol = "/other/1.0.0",
            MaxStreamsPerPeer = 4,
            MinStreamsPerPeer = 2,
        });

        Assert.Equal(["Addresses", "Mtu", "Name", "Protocol", "Routes", "TunName"], kept.Order(StringComparer.Ordinal));
        Assert.Equal(before with { MaxStreamsPerPeer = 4, MinStreamsPerPeer = 2 }, a.Service.Settings);
        Assert.Empty(a.Service.Apply(before));
    }

    [Fact]
    public async Task Apply_StrategiesThatCan_TakeTheirSettings()
    {
        var (scheduler, resilience) = (new ReconfigurableScheduler(), new ReconfigurablePolicy());
        await using var a = new TestNode(_network, "a", "10.0.0.1", scheduler: scheduler, resilience: resilience);
        var wanted = a.Service.Settings with
        {
            Scheduling = new SchedulerSettings { UsageCountThreshold = 7 },
            Resilience = new ResilienceSettings { RetryMaxAttempts = 9 },
        };

        var kept = a.Service.Apply(wanted);

        Assert.Empty(kept);
        Assert.Equal((7, 9), (scheduler.Settings?.UsageCountThreshold, resilience.Settings?.RetryMaxAttempts));
        Assert.Equal(wanted, a.Service.Settings);
    }

    [Fact]
    public async Task Apply_StrategiesThatCannotOrThrow_KeepTheirSettingsAndItIsTold()
    {
        var scheduler = new ReconfigurableScheduler { Fault = new InvalidOperationException("no") };
        await using var a = new TestNode(_network, "a", "10.0.0.1", scheduler: scheduler, resilience: new FixedPolicy());
        var before = a.Service.Settings;

        var kept = a.Service.Apply(before with
        {
            Scheduling = new SchedulerSettings { UsageCountThreshold = 7 },
            Resilience = new ResilienceSettings { RetryMaxAttempts = 9 },
        });

        Assert.Equal(["Resilience", "Scheduling"], kept.Order(StringComparer.Ordinal));
        Assert.Equal(before, a.Service.Settings);
    }

    private static async Task AssertBothPassAsync(TestNode a, TestNode b)
    {
        foreach (var port in new[] { Kept, Closed })
        {
            a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, port, port));
            Assert.Equal(port, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
        }
    }

    private sealed class ReconfigurableScheduler : IStreamScheduler, IReconfigurable<SchedulerSettings>
    {
        private readonly StickyScheduler _inner = new();

        public Exception? Fault { get; init; }

        public SchedulerSettings? Settings { get; private set; }

        public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams) => _inner.Pick(key, streams);

        public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams) => _inner.Scale(pool, streams);

        public void Apply(SchedulerSettings settings) => Settings = Fault is null ? settings : throw Fault;
    }

    private class FixedPolicy : IResiliencePolicy
    {
        public ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
            ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Nothing is opened here.");

        public CircuitSnapshot GetCircuit(ResilienceKey key) => CircuitSnapshot.Closed;
    }

    private sealed class ReconfigurablePolicy : FixedPolicy, IReconfigurable<ResilienceSettings>
    {
        public ResilienceSettings? Settings { get; private set; }

        public void Apply(ResilienceSettings settings) => Settings = settings;
    }
}
