namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>What a search for a value found: the valid values, each once.</summary>
/// <param name="Values">The best first, as the validator sees it; empty when none was found.</param>
/// <param name="Answers">Peers that held a valid value, ourselves included.</param>
public sealed record FoundValue(IReadOnlyList<ReadOnlyMemory<byte>> Values, int Answers);
