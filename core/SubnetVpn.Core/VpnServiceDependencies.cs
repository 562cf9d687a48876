using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Discovery;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core;

/// <summary>What a network is made of: its settings, and the strategies that its configuration selects.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Identity">This node's identity.</param>
/// <param name="Transport">The node's transport; shared by its networks, and not disposed of by them.</param>
/// <param name="Discovery">The discovery sources in the order they are asked.</param>
/// <param name="TunFactory">Makes the TUN device.</param>
/// <param name="Scheduler">Picks streams.</param>
/// <param name="Resilience">Guards the opening of streams.</param>
/// <param name="Pool">Lends packet buffers.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Meters">Makes the meter.</param>
/// <param name="Registry">Says who may hold which address; null where the network has none.</param>
/// <param name="Owner">Starts the network with another address when it loses an automatic one; null when nobody does: then it fails.</param>
public sealed record VpnServiceDependencies(
    NetworkSettings Settings,
    INodeIdentity Identity,
    ITransport Transport,
    IReadOnlyList<IPeerDiscovery> Discovery,
    ITunDeviceFactory TunFactory,
    IStreamScheduler Scheduler,
    IResiliencePolicy Resilience,
    IPacketPool Pool,
    TimeProvider Time,
    ILoggerFactory Loggers,
    IMeterFactory Meters,
    IAddressRegistry? Registry = null,
    IAddressOwner? Owner = null);
