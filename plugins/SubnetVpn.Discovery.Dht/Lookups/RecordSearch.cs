using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Lookups;

/// <summary>Asks the table for the record of an address. Thread-safe.</summary>
internal sealed class RecordSearch(DhtStore store, NetworkKeys keys, RecordReader reader, DhtCounters counters, TimeProvider time)
{
    /// <summary>The best record of an address; null when there is none.</summary>
    public async Task<MappingRecord?> FindAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        var key = keys.KeyOf(address);
        MappingRecord? best = null;
        await foreach (var value in store.Open().GetAsync(key, cancellationToken))
        {
            var refusal = reader.TryRead(key, value, time.GetUtcNow(), out var record);
            if (record is null)
                counters.Refuse(refusal);
            else if (best is null || record.Header.IsBetterThan(best.Header))
                best = record;
        }
        return best;
    }
}
