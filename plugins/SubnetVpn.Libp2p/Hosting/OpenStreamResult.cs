using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>A stream, or why there is none.</summary>
/// <param name="Stream">The stream, its protocol agreed; null when it failed. The caller owns it and disposes it.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="RetryAt">With <see cref="DialFailure.Backoff"/>: when an address will be tried again.</param>
public readonly record struct OpenStreamResult(Libp2pStream? Stream, DialFailure Failure, string Detail, DateTimeOffset? RetryAt)
{
    internal static OpenStreamResult Of(Libp2pStream stream) => new(stream, DialFailure.None, string.Empty, null);

    internal static OpenStreamResult Failed(DialFailure failure, string detail, DateTimeOffset? retryAt = null) =>
        new(null, failure, detail, retryAt);
}
