namespace SubnetVpn.Core.Streams;

/// <summary>The counts of a stream that is over.</summary>
/// <param name="Handed">Packets that were handed to it, whether or not the write succeeded.</param>
/// <param name="InDoubt">Of these, packets that a failed write held.</param>
/// <param name="Confirmed">Packets that the peer is known to have read.</param>
/// <param name="PeerInstance">Which life of the peer accepted it; 0 when it never said.</param>
internal readonly record struct StreamTotals(long Handed, long InDoubt, long Confirmed, ulong PeerInstance);
