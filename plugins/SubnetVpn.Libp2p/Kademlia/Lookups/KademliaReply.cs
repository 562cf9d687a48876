using System.Net;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>What came of a request.</summary>
/// <param name="Message">The reply; null when there is none, as for ADD_PROVIDER.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Remote">The address that the peer was reached at.</param>
/// <param name="Addresses">Where the peer says itself that it can be dialled; null when it did not say.</param>
internal readonly record struct KademliaReply(
    KademliaMessage? Message, RequestFailure Failure, IPAddress? Remote = null, IReadOnlyList<Multiaddr>? Addresses = null)
{
    public static KademliaReply Failed(RequestFailure failure) => new(null, failure);
}
