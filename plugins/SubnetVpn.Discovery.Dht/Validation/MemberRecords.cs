using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>A network of ours, as far as its records are judged.</summary>
/// <param name="Reader">Reads its records.</param>
/// <param name="Counters">Where refusals are counted.</param>
internal sealed record MemberRecords(RecordReader Reader, DhtCounters Counters);
