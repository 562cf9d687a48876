using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>A connection to the peer that was asked for, or why there is none.</summary>
/// <param name="Connection">The connection; null when it failed.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Detail">The same for people: each address that was tried, and what happened.</param>
/// <param name="RetryAt">With <see cref="DialFailure.Backoff"/>: when an address will be tried again.</param>
public readonly record struct ConnectResult(Libp2pConnection? Connection, DialFailure Failure, string Detail, DateTimeOffset? RetryAt)
{
    internal static ConnectResult Of(Libp2pConnection connection) => new(connection, DialFailure.None, string.Empty, null);

    internal static ConnectResult Failed(DialFailure failure, string detail, DateTimeOffset? retryAt = null) =>
        new(null, failure, detail, retryAt);
}
