using SubnetVpn.Discovery.Dht.Records;

namespace SubnetVpn.Discovery.Dht.Lookups;

/// <summary>What the table said of an address.</summary>
/// <param name="Record">The best record; null when there is none.</param>
/// <param name="At">When it said so, as a timestamp.</param>
/// <param name="Failure">Why it could not be asked; null when it could.</param>
internal sealed record Answer(MappingRecord? Record, long At, string? Failure = null);
