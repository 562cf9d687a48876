using System.Diagnostics.Metrics;
using SubnetVpn.Core.Addresses;

namespace SubnetVpn.Core.Metrics;

// Addresses that two nodes claimed.
public sealed partial class VpnMetrics
{
    private static readonly AddressConflictOutcome[] s_conflictOutcomes = Enum.GetValues<AddressConflictOutcome>();

    private Func<AddressConflictOutcome, long>? _conflicts;

    /// <summary>Says where the numbers of address conflicts are read from, which outlive the counters of one start.</summary>
    /// <param name="count">Thread-safe and quick. Replaces the one before.</param>
    public void ObserveConflicts(Func<AddressConflictOutcome, long> count) => Volatile.Write(ref _conflicts, count);

    private void RegisterAddresses() => _meter.CreateObservableCounter(
        "subnetvpn.address.conflicts", MeasureConflicts, "{conflict}", "Times that another peer claimed an address of this node, by what came of it.");

    private IEnumerable<Measurement<long>> MeasureConflicts() => Volatile.Read(ref _conflicts) is not { } count ? [] :
        from outcome in s_conflictOutcomes
        where count(outcome) > 0
        select new Measurement<long>(count(outcome), _network, new("outcome", SnakeCase.Of(outcome)));
}
