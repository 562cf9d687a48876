namespace SubnetVpn;

/// <summary>
/// One network of this node, from its TUN device to its streams: what an embedder starts and stops. Thread-safe.
/// </summary>
public interface IVpnService
{
    /// <summary>What the network is doing.</summary>
    VpnServiceState State { get; }

    /// <summary>
    /// Makes the TUN device, starts discovery and the pumps. Returns when packets flow. A second call while it runs
    /// does nothing; a call after <see cref="StopAsync"/> starts it anew.
    /// </summary>
    /// <param name="cancellationToken">Abandons the start and undoes what was done.</param>
    /// <exception cref="VpnException">It cannot start; the message says why and how to mend it.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops the pumps, closes the streams, removes the TUN device with its routes. Safe twice, and safe without a start.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting for streams to close; everything is released all the same.</param>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>A snapshot of the counters.</summary>
    VpnMetricsSnapshot GetMetrics();
}
