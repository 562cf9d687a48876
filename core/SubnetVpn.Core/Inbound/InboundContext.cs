using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Filtering;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Membership;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Routing;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Inbound;

/// <summary>What the inbound streams of one network share.</summary>
internal sealed record InboundContext
{
    public required ITunDevice Tun { get; init; }

    public required IPacketPool Pool { get; init; }

    public required RouteTable Routes { get; init; }

    public required PeerResolver Resolver { get; init; }

    public required LocalAddresses Local { get; init; }

    public required PortFilter Ports { get; init; }

    public required VpnMetrics Metrics { get; init; }

    public required HelloExchange Exchange { get; init; }

    /// <summary>Hears what peers say of themselves.</summary>
    public required Action<PeerId, Hello> Heard { get; init; }

    public required int Mtu { get; init; }

    public required ILogger Logger { get; init; }
}
