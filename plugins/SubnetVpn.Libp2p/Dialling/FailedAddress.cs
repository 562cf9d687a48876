using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>An address that did not work when it was last dialled.</summary>
/// <param name="Peer">Whose it is said to be.</param>
/// <param name="Address">The address.</param>
/// <param name="Failure">What happened.</param>
/// <param name="Detail">The same for people, beginning with the address.</param>
/// <param name="FailedAt">When.</param>
/// <param name="RetryAt">Until then it is not dialled again.</param>
public sealed record FailedAddress(
    PeerId Peer, Multiaddr Address, DialFailure Failure, string Detail, DateTimeOffset FailedAt, DateTimeOffset RetryAt);
