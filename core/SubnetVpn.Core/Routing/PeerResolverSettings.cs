using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Routing;

/// <summary>What a resolver needs beside its sources.</summary>
/// <param name="BufferSize">Packets that wait for one address.</param>
/// <param name="Metrics">Where drops are counted.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where failures of sources are told.</param>
internal sealed record PeerResolverSettings(int BufferSize, VpnMetrics Metrics, TimeProvider Time, ILogger Logger);
