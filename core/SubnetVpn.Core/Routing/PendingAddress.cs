namespace SubnetVpn.Core.Routing;

/// <summary>An address being looked up, with the packets that wait for the answer; or one that nobody holds, until it may be asked for again.</summary>
internal sealed class PendingAddress
{
    public Queue<(PacketBuffer Packet, ConnectionKey Key, Dispatch.DispatchCompletion? Completion)> Waiting { get; } = [];

    /// <summary>Null while the lookup runs; then the timestamp until which nobody is asked again.</summary>
    public long? FailedAt { get; set; }
}
