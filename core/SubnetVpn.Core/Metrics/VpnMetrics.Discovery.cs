using System.Diagnostics.Metrics;
using SubnetVpn.Core.Diagnostics;

namespace SubnetVpn.Core.Metrics;

// What discovery says.
public sealed partial class VpnMetrics
{
    private static readonly MappingRefusal[] s_refusals = Enum.GetValues<MappingRefusal>();

    private readonly SharedCounter[] _mappingsRefused = [.. s_refusals.Select(static _ => new SharedCounter())];

    /// <summary>How often sources gave an address to a peer in vain.</summary>
    /// <param name="reason">Why in vain.</param>
    public long MappingsRefused(MappingRefusal reason) => _mappingsRefused[(int)reason].Value;

    /// <summary>Counts an address that a source gives to a peer and that is not routed to it.</summary>
    /// <param name="reason">Why not.</param>
    public void MappingRefused(MappingRefusal reason) => _mappingsRefused[(int)reason].Add(1);

    private void RegisterDiscovery() => _meter.CreateObservableCounter(
        "subnetvpn.discovery.mappings_refused", MeasureRefusals, "{mapping}", "Addresses that a source gives to a peer and that are not routed to it, by reason.");

    private IEnumerable<Measurement<long>> MeasureRefusals() =>
        from reason in s_refusals
        where MappingsRefused(reason) > 0
        select new Measurement<long>(MappingsRefused(reason), _network, new("reason", SnakeCase.Of(reason)));
}
