using SubnetVpn.Libp2p.Dialling;

namespace SubnetVpn.Libp2p.Ping;

/// <summary>How long a ping took, or why it failed.</summary>
/// <param name="RoundTrip">From sending to the whole answer; null when it failed.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Detail">The same for people.</param>
public readonly record struct PingResult(TimeSpan? RoundTrip, DialFailure Failure, string Detail)
{
    internal static PingResult Failed(DialFailure failure, string detail) => new(null, failure, detail);
}
