namespace SubnetVpn.Streams;

/// <summary>How busy a stream is.</summary>
/// <param name="Id">A number unique in the pool; never used again.</param>
/// <param name="Flows">Flows assigned to it.</param>
/// <param name="QueuedPackets">Packets in its queue.</param>
/// <param name="QueueCapacity">How many packets its queue holds.</param>
/// <param name="IdleFor">How long ago a packet was last put in its queue.</param>
/// <param name="QueueDelay">How long the packet at the front of its queue has waited, or the last one did when none is queued.</param>
/// <param name="PacketsPerSecond">Packets written to it per second, over the last scaling interval.</param>
public readonly record struct StreamLoad(
    int Id, int Flows, int QueuedPackets, int QueueCapacity, TimeSpan IdleFor, TimeSpan QueueDelay = default, double PacketsPerSecond = 0);
