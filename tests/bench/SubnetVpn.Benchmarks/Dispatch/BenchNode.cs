using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Benchmarks.Packets;
using SubnetVpn.Core;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Packets;
using SubnetVpn.Resilience.None;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;

namespace SubnetVpn.Benchmarks.Dispatch;

/// <summary>A network whose streams lead nowhere.</summary>
internal sealed class BenchNode : IDisposable
{
    private const int PacketLength = 64;

    // Far below what one queue holds, so that nothing is dropped, and far above a batch of the writer.
    private const int MaxUnderWay = 1024;

    // Ports of one source: with as many destination ports as are needed, any number of flows.
    private const int SourcePorts = 50_000;

    private const int SpinsBetweenChecks = 1_000_000;

    private static readonly VirtualIp s_own = VirtualIp.Parse("10.0.0.1");

    private readonly SinkTransport _transport = new();
    private readonly PacketPool _pool = new();
    private readonly byte[][] _packets;
    private readonly VpnService _service;
    private long _dispatched;

    private BenchNode(int peers)
    {
        var addresses = Enumerable.Range(0, peers).Select(static peer => VirtualIp.Parse($"10.0.{1 + (peer / 250)}.{1 + (peer % 250)}")).ToArray();
        _packets = [.. addresses.Select(static address => BenchPackets.IPv4Udp(s_own, address, PacketLength))];
        var settings = new NetworkSettings { Addresses = [new TunAddress(s_own, 16)], MinStreamsPerPeer = 1, MaxStreamsPerPeer = 1 };
        _service = new VpnService(new VpnServiceDependencies(
            settings, new BenchIdentity(), _transport, [new BenchDiscovery(addresses)], new QuietTun(), new StickyScheduler(), new NoResiliencePolicy(),
            _pool, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters()));
    }

    // Not asynchronous: the toolchain in this process does not wait for what a setup returns.
    public static BenchNode Start(int peers) => StartAsync(peers).GetAwaiter().GetResult();

    /// <summary>Dispatches packets of one flow.</summary>
    public void Dispatch(int peer, int key, int count)
    {
        for (var packet = 0; packet < count; packet++)
        {
            var buffer = _pool.Rent(PacketLength);
            buffer.Set(_packets[peer]);
            BenchPackets.WritePorts(buffer.Span, (ushort)(1 + (key % SourcePorts)), (ushort)(1 + (key / SourcePorts)));
            _service.Dispatch(buffer);
        }
        _dispatched += count;
        WaitUntilUnderWay(MaxUnderWay);
    }

    /// <summary>Waits until all that was dispatched has been written.</summary>
    public void Drain() => WaitUntilUnderWay(0);

    public void Dispose()
    {
        ThrowIfDropped();
        _service.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static async Task<BenchNode> StartAsync(int peers)
    {
        var node = new BenchNode(peers);
        await node._service.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => node._service.GetSnapshot().Peers is { } known && known.Count == peers && known.All(static peer => peer.Streams.Count == 1));
        // The hello of each stream is counted, too.
        await Eventually.TrueAsync(() => node._transport.Buffers == peers);
        node._dispatched = node._transport.Buffers;
        return node;
    }

    private void WaitUntilUnderWay(int most)
    {
        var spin = default(SpinWait);
        // Never to sleep: a millisecond is a thousand packets.
        for (var turn = 1; _dispatched - _transport.Buffers > most; turn++)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (turn % SpinsBetweenChecks == 0)
                ThrowIfDropped();
        }
    }

    private void ThrowIfDropped()
    {
        var dropped = _service.GetMetrics().OutboundDrops.Values.Sum();
        if (dropped > 0)
            throw new InvalidOperationException($"{dropped} packets were dropped: what was measured is not the whole way.");
    }
}
