using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>What became of dialling one address, or all addresses, of a peer.</summary>
internal readonly record struct DialOutcome(UpgradedLink? Link, DialFailure Failure, string Detail, DateTimeOffset? RetryAt)
{
    public static DialOutcome Failed(DialFailure failure, string detail, DateTimeOffset? retryAt = null) => new(null, failure, detail, retryAt);
}
