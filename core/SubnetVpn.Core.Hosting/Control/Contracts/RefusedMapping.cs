namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>An address that a source gives to a peer, and that is not routed to it.</summary>
/// <param name="Source">The source.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Prefix">The address, or the subnet that holds it.</param>
/// <param name="Trust">How far the source can be trusted.</param>
/// <param name="Reason">Why not, such as <c>held_already</c>.</param>
/// <param name="Holder">The peer that holds it instead; null when none does.</param>
/// <param name="Summary">All of it in a sentence.</param>
public sealed record RefusedMapping(string Source, string Peer, string Prefix, string Trust, string Reason, string? Holder, string Summary);
