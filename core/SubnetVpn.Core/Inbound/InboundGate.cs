using SubnetVpn.Core.Packets;
using SubnetVpn.Core.Routing;

namespace SubnetVpn.Core.Inbound;

/// <summary>
/// Decides whether a packet of one peer may enter: well-formed, from an address that the peer holds, to an address of
/// ours, to a port that is allowed. Nothing the peer says of the packet is trusted. One per stream; not thread-safe.
/// </summary>
internal sealed class InboundGate(PeerId peer, InboundContext context)
{
    // Most streams carry packets of one source: remember that it was checked, as long as the routes stay as they were.
    private RouteSnapshot? _checkedIn;
    private VirtualIp _checkedSource;

    public PacketDropReason Check(PacketBuffer packet, out PacketInfo info)
    {
        if (!IpPacket.TryParse(packet.Span, out info))
            return PacketDropReason.Malformed;
        if (!HoldsSource(info.Source))
            return PacketDropReason.SpoofedSource;
        if (!context.Local.IsOurs(info.Destination))
            return PacketDropReason.DestinationNotOurs;
        if (!context.Ports.IsAllowed(info))
            return PacketDropReason.PortNotAllowed;
        if (packet.Offload == default)
            return PacketDropReason.None;
        if (!OffloadPackets.TryValidate(packet.Offload, info, packet.Span))
            return PacketDropReason.InvalidOffload;
        // Whether a checksum is right is for our kernel to find out, not for the peer to say.
        packet.Offload = packet.Offload with { Flags = (byte)(packet.Offload.Flags & PacketOffload.NeedsChecksumFlag) };
        return PacketDropReason.None;
    }

    private bool HoldsSource(VirtualIp source)
    {
        var routes = context.Routes.Snapshot;
        if (ReferenceEquals(routes, _checkedIn) && source == _checkedSource)
            return true;
        if (context.Local.IsOurs(source))
            return false;
        if (routes.Find(source) is not { } holder)
        {
            // Discovery may know: the peer's next packets pass then.
            if (context.Local.IsInSubnet(source))
                context.Resolver.Request(source);
            return false;
        }
        if (holder.Peer != peer)
            return false;
        _checkedIn = routes;
        _checkedSource = source;
        return true;
    }
}
