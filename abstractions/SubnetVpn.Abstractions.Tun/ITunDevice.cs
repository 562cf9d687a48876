namespace SubnetVpn.Tun;

/// <summary>
/// A TUN device that is up: a network interface whose packets this process reads and writes. Made by
/// <see cref="ITunDeviceFactory"/>; disposing of it removes the device, its addresses and its routes.
/// </summary>
/// <remarks>
/// One reader and any number of writers at a time. A batch may be cut short; what was not written is said.
/// </remarks>
public interface ITunDevice : IAsyncDisposable
{
    /// <summary>The interface's name, such as <c>tun0</c>.</summary>
    string Name { get; }

    /// <summary>The interface's MTU in bytes.</summary>
    int Mtu { get; }

    /// <summary>What the device can do.</summary>
    TunCapabilities Capabilities { get; }

    /// <summary>
    /// Waits for a packet, then reads as many as are there and fit the batch. Continuations may run on the device's own
    /// thread: do not block it.
    /// </summary>
    /// <param name="batch">
    /// Empty buffers with a capacity of <see cref="PacketBuffer.MaxPacketLength"/>. The first ones get content and
    /// <see cref="PacketBuffer.Offload"/>. They stay the caller's.
    /// </param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>How many packets were read; 0 when the device is gone and no more will come.</returns>
    ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken);

    /// <summary>Writes packets in order. A packet that the device refuses is skipped, the others are written.</summary>
    /// <param name="batch">
    /// Packets with a valid <see cref="PacketBuffer.Offload"/>; only offloads that <see cref="Capabilities"/> names. The
    /// buffers stay the caller's, who may not change them before the call completes; the headroom may be overwritten.
    /// </param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>How many packets the device took.</returns>
    ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken);
}
