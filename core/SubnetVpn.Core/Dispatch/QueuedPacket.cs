namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// A packet on its way to a stream, or a control frame that takes its turn among packets (<see cref="IsControl"/>): whoever
/// holds this value owns the buffer.
/// </summary>
internal readonly record struct QueuedPacket(PacketBuffer Packet, FlowWorker? Worker, DispatchCompletion? Completion)
{
    /// <summary>Whether it is a whole frame of ours and no packet: it is never counted.</summary>
    public bool IsControl => Worker is null;

    /// <summary>Ends the way here: counts, tells, and gives the buffer back.</summary>
    public void Drop(PacketDropReason reason, IVpnMetrics metrics)
    {
        metrics.PacketDropped(reason, inbound: false);
        Forget(reason);
    }

    /// <summary>Ends the way here without counting: somebody else does, once more is known.</summary>
    public void Forget(PacketDropReason reason)
    {
        Completion?.Complete(reason);
        Packet.Release();
    }

    /// <summary>The stream accepted it.</summary>
    public void Sent() => Forget(PacketDropReason.None);
}
