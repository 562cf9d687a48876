using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Packets;
using SubnetVpn.Resilience.None;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Transport.Libp2p;
using SubnetVpn.Tun;

namespace SubnetVpn.Bench.Crowd;

/// <summary>A node of a crowd: all of a node but the plugins around it, so that hundreds fit into one process. It dials; nobody can dial it.</summary>
internal sealed class CrowdMember : IAsyncDisposable
{
    private const int FirstHost = 3; // 10.77.0.1 and 10.77.0.2 are the daemons.

    private readonly NodeIdentity _identity;
    private readonly Libp2pTransport _transport;
    private readonly VpnService _service;

    public CrowdMember(int number, NodeIdentity identity, CrowdCenter center)
    {
        _identity = identity;
        var settings = new NetworkSettings { Addresses = [new TunAddress(AddressOf(number), 24)] };
        _transport = new Libp2pTransport(new Libp2pTransportOptions(), identity, new Subnets(settings), TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters());
        _service = new VpnService(new VpnServiceDependencies(
            settings, identity, _transport, [center], new QuietTun(), new StickyScheduler(), new NoResiliencePolicy(),
            new PacketPool(), TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters()));
    }

    /// <summary>Whether there are streams in both directions.</summary>
    public bool IsConnected => _service.GetSnapshot().Peers is [{ Streams.Count: > 0, InboundStreams: > 0 }];

    public static VirtualIp AddressOf(int number) => VirtualIp.Parse(string.Create(CultureInfo.InvariantCulture, $"10.77.0.{FirstHost + number}"));

    public Task StartAsync() => _service.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _transport.DisposeAsync();
        _identity.Dispose();
    }

    private sealed class Subnets(NetworkSettings settings) : IVirtualSubnets
    {
        public bool Contains(VirtualIp address) => settings.GetSubnets().Any(subnet => subnet.Contains(address));
    }
}
