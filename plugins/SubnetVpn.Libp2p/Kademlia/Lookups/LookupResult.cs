namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>What a lookup came to.</summary>
/// <param name="Closest">The nearest peers that answered, nearest first; at most k.</param>
/// <param name="Hops">How many peers had to be asked, one after the other, to reach the nearest one.</param>
/// <param name="Requests">Requests that were sent.</param>
internal sealed record LookupResult(IReadOnlyList<KademliaPeer> Closest, int Hops, int Requests);
