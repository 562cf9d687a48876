using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Routing;

/// <summary>What a resolver needs beside its sources.</summary>
/// <param name="Live">The network's settings.</param>
/// <param name="Metrics">Where drops are counted.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where failures of sources are told.</param>
internal sealed record PeerResolverSettings(LiveSettings Live, VpnMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>Packets that wait for one address.</summary>
    public int BufferSize => Live.Current.WorkerBufferSize;
}
