namespace SubnetVpn.Core.Dispatch;

/// <summary>A packet on its way to a stream: whoever holds this value owns the buffer.</summary>
internal readonly record struct QueuedPacket(PacketBuffer Packet, FlowWorker Worker, DispatchCompletion? Completion)
{
    /// <summary>Ends the way here: counts, tells, and gives the buffer back.</summary>
    public void Drop(PacketDropReason reason, IVpnMetrics metrics)
    {
        metrics.PacketDropped(reason, inbound: false);
        Completion?.Complete(reason);
        Packet.Release();
    }

    /// <summary>The stream accepted it.</summary>
    public void Sent()
    {
        Completion?.Complete(PacketDropReason.None);
        Packet.Release();
    }
}
