namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// What the workers of one peer may hold in all, beside the limit of each: a scan of ports must not fill the memory while the
/// peer cannot be reached. Guarded by the gate of the session.
/// </summary>
internal sealed class HeldBudget
{
    private const int MaxPackets = 4096;
    private const int MaxBytes = 8 * 1024 * 1024;

    private int _packets;
    private int _bytes;

    /// <summary>Takes room for a buffer, counted by what it occupies.</summary>
    public bool TryTake(PacketBuffer packet)
    {
        if (_packets >= MaxPackets || _bytes + packet.Capacity > MaxBytes)
            return false;
        _packets++;
        _bytes += packet.Capacity;
        return true;
    }

    public void Return(PacketBuffer packet)
    {
        _packets--;
        _bytes -= packet.Capacity;
    }
}
