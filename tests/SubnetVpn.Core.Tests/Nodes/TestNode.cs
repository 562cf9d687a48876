using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Packets;
using SubnetVpn.Discovery;
using SubnetVpn.Resilience;
using SubnetVpn.Resilience.None;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>A node on a memory network, with a TUN device that the test is the host of.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly TestTunFactory _tuns;

    public TestNode(
        MemoryNetwork network, string name, string address, TunCapabilities capabilities = TunCapabilities.None, Func<NetworkSettings, NetworkSettings>? change = null,
        IStreamScheduler? scheduler = null, IResiliencePolicy? resilience = null, IMeterFactory? meters = null, IAddressRegistry? registry = null, TimeProvider? time = null, IAddressOwner? owner = null, ITunDeviceFactory? tuns = null, Func<ITransport, ITransport>? wrap = null)
    {
        Name = name;
        Peer = TestPeers.Named(name);
        Address = VirtualIp.Parse(address);
        Transport = network.CreateTransport(Peer);
        _tuns = new TestTunFactory(capabilities);
        var settings = new NetworkSettings { Addresses = [new TunAddress(Address, 24)], MinStreamsPerPeer = 1 };
        Service = new VpnService(new VpnServiceDependencies(
            change?.Invoke(settings) ?? settings, new TestIdentity(Peer), wrap?.Invoke(Transport) ?? Transport, [Discovery], tuns ?? _tuns, scheduler ?? new StickyScheduler(), resilience ?? new NoResiliencePolicy(),
            Pool, time ?? TimeProvider.System, NullLoggerFactory.Instance, meters ?? Meters, registry, owner));
    }

    public string Name { get; }

    public PeerId Peer { get; }

    public VirtualIp Address { get; }

    public MemoryTransport Transport { get; }

    public TestDiscovery Discovery { get; } = new();

    public PacketPool Pool { get; } = new(new PacketPoolOptions { CheckMisuse = true });

    public ScopedMeters Meters { get; } = new();

    public VpnService Service { get; }

    public TestTun Tun => _tuns.Device!;

    public PeerMapping Mapping => new()
    {
        Peer = Peer,
        Prefixes = [new IpPrefix(Address, 32)],
        Addresses = [$"/memory/{Name}"],
        Source = "test",
        Trust = MappingTrust.Authoritative,
    };

    public async Task StartAsync(params TestNode[] peers)
    {
        await Transport.ListenAsync([$"/memory/{Name}"], CancellationToken.None);
        foreach (var peer in peers)
            Discovery.Tell(peer.Mapping);
        await Service.StartAsync(CancellationToken.None);
    }

    /// <summary>
    /// Starts both, lets them know each other, and waits until each has a stream for packets to the other. In this order:
    /// a node that dials before the other one takes streams tries again only when the warmer comes by.
    /// </summary>
    public async Task StartWithAsync(TestNode other)
    {
        await StartAsync();
        await other.StartAsync(this);
        Discovery.Tell(other.Mapping);
        await ReadyAsync(other);
        await other.ReadyAsync(this);
    }

    /// <summary>Waits until packets to each of the nodes find a stream.</summary>
    public Task ReadyAsync(params TestNode[] peers) => Eventually.TrueAsync(() =>
        peers.All(peer => Service.GetSnapshot().Peers.Any(known => known.Peer == peer.Peer && known.Streams.Count > 0)));

    public async ValueTask DisposeAsync()
    {
        // A test that fails while the device is slow ends too.
        _tuns.Device?.Blocked?.TrySetResult();
        await Service.DisposeAsync();
        await Transport.DisposeAsync();
    }
}
