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

    /// <summary>Dispatches what was read at once, in its order.</summary>
    /// <remarks>
    /// With many flows each packet has to wait for its flow to come from memory, twice: for the slot of the table, and for the worker.
    /// So all of a read are touched first: nothing comes between these reads, so the processor waits for all of them at once.
    /// </remarks>
    public void Dispatch(ReadOnlySpan<PacketBuffer> packets, DispatchBatch batch)
    {
        var entries = batch.Of(packets.Length);
        var snapshot = routes.Snapshot;
        for (var i = 0; i < packets.Length; i++)
        {
            ref var entry = ref entries[i];
            entry.Drop = Check(packets[i], out entry.Info);
            if (entry.Drop != PacketDropReason.None)
                continue;
            entry.Peer = snapshot.Find(entry.Info.Destination);
            entry.Hash = entry.Info.Key.GetHashCode();
        }
        if (packets.Length > 1)
        {
            var touched = 0L;
            foreach (ref readonly var entry in entries)
                if (entry.Peer is { } peer)
                    touched += peer.Workers.Touch(entry.Hash);
            batch.Touched = touched;
        }
        for (var i = 0; i < packets.Length; i++)
        {
            ref var entry = ref entries[i];
            if (entry.Drop != PacketDropReason.None)
                new QueuedPacket(packets[i], null, null).Drop(entry.Drop, metrics);
            else
                Dispatch(packets[i], entry.Info, entry.Peer, entry.Hash, null);
            entry.Peer = null;
        }
    }

    private void Dispatch(PacketBuffer packet, DispatchCompletion? completion)
    {
        var reason = Check(packet, out var info);
        if (reason != PacketDropReason.None)
            new QueuedPacket(packet, null, completion).Drop(reason, metrics);
        else
            Dispatch(packet, info, routes.Snapshot.Find(info.Destination), info.Key.GetHashCode(), completion);
    }

    private void Dispatch(PacketBuffer packet, in PacketInfo info, PeerSession? peer, int hash, DispatchCompletion? completion)
    {
        if (peer is not null && !resolver.HasWaiting)
            peer.Workers.Dispatch(info.Key, hash, packet, completion);
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
