using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Dispatch;

/// <summary>What the worker pools of a network share.</summary>
/// <param name="Live">The network's settings.</param>
/// <param name="Metrics">Where drops are counted.</param>
/// <param name="Time">The clock.</param>
internal sealed record WorkerPoolSettings(LiveSettings Live, VpnMetrics Metrics, TimeProvider Time)
{
    /// <summary>How long a held packet is of use. What waits longer is not sent: its sender has sent it again, or given up.</summary>
    public static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(5);

    /// <summary>Flows to one peer at once: what keeps a port scan of the own host from exhausting memory.</summary>
    public const int MaxWorkers = 131_072;

    /// <summary>Packets that a worker holds while it has no stream.</summary>
    public int BufferSize => Live.Current.WorkerBufferSize;

    /// <summary>After how long without a packet a worker goes.</summary>
    public TimeSpan IdleTimeout => Live.Current.WorkerIdleTimeout;
}
