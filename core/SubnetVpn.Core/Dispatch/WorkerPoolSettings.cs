using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Dispatch;

/// <summary>What the worker pools of a network share.</summary>
/// <param name="BufferSize">Packets that a worker holds while it has no stream.</param>
/// <param name="IdleTimeout">After how long without a packet a worker goes.</param>
/// <param name="Metrics">Where drops are counted.</param>
/// <param name="Time">The clock.</param>
internal sealed record WorkerPoolSettings(int BufferSize, TimeSpan IdleTimeout, VpnMetrics Metrics, TimeProvider Time)
{
    /// <summary>How long a held packet is of use. What waits longer is not sent: its sender has sent it again, or given up.</summary>
    public static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(5);

    /// <summary>Flows to one peer at once: what keeps a port scan of the own host from exhausting memory.</summary>
    public const int MaxWorkers = 131_072;
}
