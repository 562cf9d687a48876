using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Routing;

/// <summary>Mappings in a few words. The network is 10.0.0.0/24, and this node holds 10.0.0.1.</summary>
internal static class Mappings
{
    public static PeerId Self { get; } = TestPeers.Create(1);

    public static PeerId Two { get; } = TestPeers.Create(2);

    public static PeerId Three { get; } = TestPeers.Create(3);

    public static PeerMapping Make(PeerId peer, string source, MappingTrust trust, params string[] prefixes) => new()
    {
        Peer = peer,
        Prefixes = [.. prefixes.Select(static prefix => VirtualIp.TryParse(prefix, out var address) ? new IpPrefix(address, address.BitLength) : IpPrefix.Parse(prefix))],
        Addresses = [$"/memory/{source}"],
        Source = source,
        Trust = trust,
    };
}
