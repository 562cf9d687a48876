using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Benchmarks.Packets;
using SubnetVpn.Core;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Packets;
using SubnetVpn.Resilience.None;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Tun;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>
/// A network as it is in a node, but for the TUN device: pump → parse → filter → route → worker → queue → writer → frame → yamux → Noise →
/// TCP on loopback, to peers in this process.
/// </summary>
internal sealed class WholeWayNode : IDisposable
{
    private const int SpinsBetweenChecks = 1_000_000;

    private static readonly VirtualIp s_own = VirtualIp.Parse("10.0.0.1");

    private readonly NodeIdentity _identity = NodeIdentity.Generate();
    private readonly CountingTransport _transport;
    private readonly TrainTun _tun;
    private readonly DrainingPeer[] _peers;
    private readonly VpnService _service;

    private WholeWayNode(DrainingPeer[] peers)
    {
        _peers = peers;
        _transport = new CountingTransport(DrainingPeer.CreateTransport(_identity));
        _tun = new TrainTun(_transport);
        var settings = new NetworkSettings
        {
            Addresses = [new TunAddress(s_own, 16)],
            MinStreamsPerPeer = 1,
            MaxStreamsPerPeer = 1,
            // The peers never answer.
            HealthCheckInterval = TimeSpan.FromHours(1),
            WarmInterval = TimeSpan.FromHours(1),
        };
        _service = new VpnService(new VpnServiceDependencies(
            settings, _identity, _transport, [new KnownPeers([.. peers.Select(static peer => peer.Mapping)])], _tun, new StickyScheduler(), new NoResiliencePolicy(),
            new PacketPool(), TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters()));
    }

    // Not asynchronous: the toolchain in this process does not wait for what a setup returns.
    public static WholeWayNode Start(int peers) => StartAsync(peers).GetAwaiter().GetResult();

    /// <summary>A packet for each peer.</summary>
    public byte[][] MakePackets(int length) => [.. _peers.Select(peer => BenchPackets.IPv4Udp(s_own, peer.Address, length))];

    /// <summary>Sends packets, and waits until all have been written.</summary>
    public void Send(int count, Action<PacketBuffer> write)
    {
        var until = _tun.Sent + count;
        _tun.Send(count, write);
        var spin = default(SpinWait);
        for (var turn = 1; _transport.Packets < until; turn++)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (turn % SpinsBetweenChecks == 0)
                ThrowIfDropped();
        }
    }

    public void Dispose()
    {
        ThrowIfDropped();
        DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static async Task<WholeWayNode> StartAsync(int peers)
    {
        var others = new DrainingPeer[peers];
        for (var peer = 0; peer < peers; peer++)
            others[peer] = await DrainingPeer.StartAsync(VirtualIp.Parse($"10.0.{1 + (peer / 250)}.{1 + (peer % 250)}"));
        var node = new WholeWayNode(others);
        await node._service.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => node._service.GetSnapshot().Peers is { } known && known.Count == peers && known.All(static peer => peer.Streams.Count == 1));
        await Eventually.TrueAsync(() => node._transport.Hellos == peers);
        node._transport.Begin();
        return node;
    }

    private async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _transport.DisposeAsync();
        foreach (var peer in _peers)
            await peer.DisposeAsync();
        _identity.Dispose();
    }

    private void ThrowIfDropped()
    {
        var dropped = _service.GetMetrics().OutboundDrops.Values.Sum();
        if (dropped > 0)
            throw new InvalidOperationException($"{dropped} packets were dropped: what was measured is not the whole way.");
    }
}
