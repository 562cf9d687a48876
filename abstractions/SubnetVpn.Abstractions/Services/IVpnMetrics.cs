namespace SubnetVpn;

/// <summary>
/// The counters of one network. They are also instruments of the meter <c>SubnetVpn</c>. Thread-safe; each call is a few
/// nanoseconds and allocates nothing. <i>Received</i> means taken from peers, <i>sent</i> means handed to peers.
/// </summary>
public interface IVpnMetrics
{
    /// <summary>Counts packets that were handed to the stream of a peer.</summary>
    /// <param name="packets">How many; a super-packet counts once.</param>
    /// <param name="bytes">Their length in bytes, without frame headers.</param>
    void PacketsSent(int packets, long bytes);

    /// <summary>Counts packets that a peer sent and the TUN device took.</summary>
    /// <param name="packets">How many; a super-packet counts once.</param>
    /// <param name="bytes">Their length in bytes, without frame headers.</param>
    void PacketsReceived(int packets, long bytes);

    /// <summary>Counts a dropped packet.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="inbound">True when a peer sent it, false when this host did.</param>
    void PacketDropped(PacketDropReason reason, bool inbound);

    /// <summary>Counts a stream that ended with an error.</summary>
    /// <param name="reason">A short name of the error, from a bounded set, such as <c>invalid_length</c>.</param>
    void StreamError(string reason);

    /// <summary>A snapshot of all counters.</summary>
    VpnMetricsSnapshot GetSnapshot();
}
