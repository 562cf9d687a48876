using SubnetVpn.Streams;

namespace SubnetVpn.Core;

// What embedders may do with the streams of the network.
public sealed partial class VpnService
{
    /// <inheritdoc/>
    public async ValueTask<OpenStreamResult> CreateVpnStreamAsync(PeerId peer, CancellationToken cancellationToken) => _run is { } run
        ? await run.Opener.CreateVpnStreamAsync(peer, cancellationToken)
        : NotRunning();

    /// <inheritdoc/>
    public async ValueTask<OpenStreamResult> GetStreamAsync(PeerId peer, CancellationToken cancellationToken)
    {
        if (_run is { } run)
            return await run.Lent.GetAsync(peer, cancellationToken);
        _metrics.PoolAcquired(success: false);
        return NotRunning();
    }

    /// <inheritdoc/>
    public void Release(IVpnStream stream, bool healthy)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // A network that stops closes what it has lent.
        _run?.Lent.Release(stream, healthy);
    }

    /// <inheritdoc/>
    StreamPoolSnapshot IStreamPool.GetMetrics()
    {
        var streams = new Dictionary<PeerId, int>();
        if (_run is { } run)
        {
            foreach (var session in run.Sessions)
                streams[session.Peer] = session.Streams.Count;
            foreach (var (peer, count) in run.Lent.GetCounts())
                streams[peer] = streams.GetValueOrDefault(peer) + count;
        }
        return new StreamPoolSnapshot
        {
            StreamsPerPeer = streams,
            Acquisitions = _metrics.PoolAcquisitions,
            AcquisitionFailures = _metrics.PoolFailures,
            Unhealthy = _run?.Lent.Unhealthy ?? 0,
        };
    }

    /// <inheritdoc/>
    public void StartChecker() => _health.StartChecker();

    /// <inheritdoc/>
    public ValueTask StopCheckerAsync() => _health.StopCheckerAsync();

    /// <inheritdoc/>
    public void StartWarmer() => _health.StartWarmer();

    /// <inheritdoc/>
    public ValueTask StopWarmerAsync() => _health.StopWarmerAsync();

    /// <inheritdoc/>
    StreamHealthSnapshot IStreamHealth.GetMetrics() => _health.GetMetrics();

    private OpenStreamResult NotRunning() => OpenStreamResult.Failed(OpenStreamFailure.Stopping, $"The network {_dependencies.Settings.Name} is not running.");
}
