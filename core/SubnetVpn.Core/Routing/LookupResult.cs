using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>What asking for an address brought.</summary>
/// <param name="Answers">What the sources said that were asked.</param>
/// <param name="Registration">What the registry said; null where there is none.</param>
/// <param name="Picked">The mapping to use; null when there is none.</param>
internal sealed record LookupResult(IReadOnlyList<SourceAnswer> Answers, SourceAnswer? Registration, PeerMapping? Picked);
