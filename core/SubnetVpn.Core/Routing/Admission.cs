using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>What the registry left of a mapping.</summary>
/// <param name="Told">The mapping, as its source told it.</param>
/// <param name="Admitted">The same with what its peer may hold; perhaps nothing.</param>
/// <param name="Refused">The rest.</param>
internal sealed record Admission(PeerMapping Told, PeerMapping Admitted, IReadOnlyList<RefusedClaim> Refused)
{
    /// <summary>Whether the registry says the same as the last time.</summary>
    public bool IsAs(Admission other) => Admitted.Prefixes.SequenceEqual(other.Admitted.Prefixes) && Refused.SequenceEqual(other.Refused);
}
