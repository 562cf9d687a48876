using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

/// <summary>Makes discoveries on one link.</summary>
internal sealed class MdnsNodes : IAsyncDisposable
{
    private readonly MemoryLinks.Hub _hub = new();
    private readonly List<MdnsDiscovery> _all = [];

    public ScopedMeters Meters { get; } = new();

    public static LocalLink Link(int number) =>
        new(number, "eth0", [new LinkAddress(VirtualIp.Parse($"198.18.0.{number}"), IpPrefix.Parse("198.18.0.0/24"))]) { HasIPv4 = true };

    public static NetworkContext Context(int number) => new()
    {
        Name = "default",
        LocalPeer = TestPeers.Create(number),
        VirtualIps = [VirtualIp.Parse($"10.0.0.{number}"), VirtualIp.Parse($"fd00::{number}")],
        Subnets = [IpPrefix.Parse("10.0.0.0/24"), IpPrefix.Parse("fd00::/64")],
        Mtu = 1400,
        ListenAddresses = ["/ip4/0.0.0.0/tcp/4001"],
    };

    public static PeerMapping Self(int number, params string[] prefixes) => new()
    {
        Peer = TestPeers.Create(number),
        Prefixes = [.. prefixes.Select(IpPrefix.Parse)],
        Source = "self",
        Trust = MappingTrust.Authoritative,
    };

    public (MdnsDiscovery Discovery, MemoryLinks Links) Add(int number, MdnsOptions? options = null)
    {
        var links = new MemoryLinks(Link(number), _hub);
        var discovery = new MdnsDiscovery(
            options ?? new MdnsOptions(), Context(number), TimeProvider.System, NullLogger<MdnsDiscovery>.Instance, Meters, new MdnsCounters(), links);
        _all.Add(discovery);
        return (discovery, links);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var discovery in _all)
            await discovery.DisposeAsync();
    }
}
