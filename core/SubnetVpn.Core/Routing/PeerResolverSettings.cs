using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Routing;

/// <summary>What a resolver needs beside its sources.</summary>
/// <param name="Live">The network's settings.</param>
/// <param name="Metrics">Where drops are counted.</param>
/// <param name="Time">The clock.</param>
internal sealed record PeerResolverSettings(LiveSettings Live, VpnMetrics Metrics, TimeProvider Time)
{
    /// <summary>Packets that wait for one address.</summary>
    public int BufferSize => Live.Current.WorkerBufferSize;
}
