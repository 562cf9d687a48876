using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>Sends requests to peers. All that goes wrong is a value; it ends soon after it was cancelled. Thread-safe.</summary>
internal interface IKademliaNetwork
{
    /// <summary>Where others can reach us.</summary>
    IReadOnlyList<Multiaddr> OwnAddresses { get; }

    /// <summary>One request and its reply, within the time that a request may take.</summary>
    Task<KademliaReply> RequestAsync(KademliaPeer peer, KademliaMessage request, CancellationToken cancellationToken);
}
