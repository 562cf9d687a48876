namespace SubnetVpn.Streams;

/// <summary>How busy a stream is.</summary>
/// <param name="Id">A number unique in the pool; never used again.</param>
/// <param name="Flows">Flows assigned to it.</param>
/// <param name="QueuedPackets">Packets in its queue.</param>
/// <param name="QueueCapacity">How many packets its queue holds.</param>
/// <param name="IdleFor">How long ago a packet was last put in its queue.</param>
public readonly record struct StreamLoad(int Id, int Flows, int QueuedPackets, int QueueCapacity, TimeSpan IdleFor);
