using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Diagnostics;

/// <summary>What happened so far. Thread-safe.</summary>
internal sealed class DhtCounters
{
    private readonly long[] _refusals = new long[Enum.GetValues<RecordRefusal>().Length];
    private readonly long[] _lookups = new long[Enum.GetValues<LookupOutcome>().Length];
    private readonly long[] _publications = new long[Enum.GetValues<PublishOutcome>().Length];

    public long Of(RecordRefusal refusal) => Interlocked.Read(ref _refusals[(int)refusal]);

    public long Of(LookupOutcome outcome) => Interlocked.Read(ref _lookups[(int)outcome]);

    public long Of(PublishOutcome outcome) => Interlocked.Read(ref _publications[(int)outcome]);

    public void Refuse(RecordRefusal refusal) => Interlocked.Increment(ref _refusals[(int)refusal]);

    public void Count(LookupOutcome outcome) => Interlocked.Increment(ref _lookups[(int)outcome]);

    public void Count(PublishOutcome outcome) => Interlocked.Increment(ref _publications[(int)outcome]);
}
