namespace SubnetVpn;

/// <summary>
/// The entry of the packet path for packets of this host: finds the peer, the worker of the flow, and its stream.
/// Thread-safe; packets of one flow keep the order of the calls of one thread.
/// </summary>
public interface IDispatcher
{
    /// <summary>
    /// Dispatches a packet; what happens to it is counted, not returned. Never blocks and never waits.
    /// </summary>
    /// <param name="packet">The packet; ownership passes to the dispatcher.</param>
    void Dispatch(PacketBuffer packet);

    /// <summary>Dispatches a packet and tells what became of it.</summary>
    /// <param name="packet">The packet; ownership passes to the dispatcher.</param>
    /// <param name="cancellationToken">Stops waiting for the outcome; the packet may still be sent.</param>
    /// <returns>
    /// <see cref="PacketDropReason.None"/> when the stream accepted it (which says nothing of delivery), else why it was dropped.
    /// </returns>
    ValueTask<PacketDropReason> DispatchAsync(PacketBuffer packet, CancellationToken cancellationToken);
}
