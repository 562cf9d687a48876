namespace SubnetVpn.Libp2p.Connections;

/// <summary>A link that is ready, or why there is none. <paramref name="Detail"/> says it for people; it holds no secret.</summary>
internal readonly record struct UpgradeResult(UpgradedLink? Link, HandshakeFailure Failure, string Detail)
{
    public static UpgradeResult Failed(HandshakeFailure failure, string detail) => new(null, failure, detail);
}
