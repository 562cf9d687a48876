namespace SubnetVpn.Streams;

/// <summary>Finds streams that no longer work, and keeps enough of them ready. Thread-safe. Starting twice and stopping twice are safe.</summary>
public interface IStreamHealth
{
    /// <summary>Starts checking streams every <c>health_check_interval</c>.</summary>
    void StartChecker();

    /// <summary>Stops checking.</summary>
    ValueTask StopCheckerAsync();

    /// <summary>Starts keeping <c>min_streams_per_peer</c> streams ready for peers in use, every <c>warm_interval</c>.</summary>
    void StartWarmer();

    /// <summary>Stops warming.</summary>
    ValueTask StopWarmerAsync();

    /// <summary>A snapshot of the counters.</summary>
    StreamHealthSnapshot GetMetrics();
}
