namespace SubnetVpn.Libp2p.Kademlia.Wire;

/// <summary>A request or a reply; what does not belong to its type is empty.</summary>
/// <param name="Type">What is asked.</param>
/// <param name="Key">The key: of a value, the bytes of a peer id, or a multihash.</param>
internal sealed record KademliaMessage(KademliaMessageType Type, ReadOnlyMemory<byte> Key)
{
    public KademliaRecord? Record { get; init; }

    public IReadOnlyList<KademliaPeer> CloserPeers { get; init; } = [];

    public IReadOnlyList<KademliaPeer> ProviderPeers { get; init; } = [];
}
