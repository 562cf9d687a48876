using SubnetVpn.Core.Filtering;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Packets;
using SubnetVpn.Core.Routing;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The entry of the packet path: parse → filter → route → worker. Runs on the caller's thread, never waits, holds no lock
/// but the short one of the peer.
/// </summary>
internal sealed class Dispatcher(RouteTable routes, PeerResolver resolver, LocalAddresses local, PortFilter ports, VpnMetrics metrics) : IDispatcher
{
    public void Dispatch(PacketBuffer packet) => Dispatch(packet, null);

    public async ValueTask<PacketDropReason> DispatchAsync(PacketBuffer packet, CancellationToken cancellationToken)
    {
        var completion = new DispatchCompletion();
        Dispatch(packet, completion);
        return await completion.Task.WaitAsync(cancellationToken);
    }

    private void Dispatch(PacketBuffer packet, DispatchCompletion? completion)
    {
        var reason = Check(packet, out var info);
        if (reason != PacketDropReason.None)
        {
            new QueuedPacket(packet, null, completion).Drop(reason, metrics);
            return;
        }
        if (!resolver.HasWaiting && routes.Snapshot.Find(info.Destination) is { } peer)
            peer.Workers.Dispatch(info.Key, packet, completion);
        else
            resolver.Dispatch(info.Destination, info.Key, packet, completion);
    }

    private PacketDropReason Check(PacketBuffer packet, out PacketInfo info)
    {
        if (!IpPacket.TryParse(packet.Span, out info))
            return PacketDropReason.Malformed;
        if (!local.IsUnicast(info.Destination))
            return PacketDropReason.NotUnicast;
        if (!local.IsOurs(info.Source))
            return PacketDropReason.SourceNotOurs;
        if (!ports.IsAllowed(info))
            return PacketDropReason.PortNotAllowed;
        return local.IsOurs(info.Destination) ? PacketDropReason.NoRoute : PacketDropReason.None;
    }
}
