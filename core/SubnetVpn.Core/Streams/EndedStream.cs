namespace SubnetVpn.Core.Streams;

/// <summary>What is kept of a stream that ended until the peer has said what it had read of it.</summary>
/// <param name="Number">Its number in fences.</param>
/// <param name="Totals">Its counts, once nothing is being written any more. Does not fail.</param>
internal sealed record EndedStream(ulong Number, Task<StreamTotals> Totals);
