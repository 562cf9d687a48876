namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>Constants of libp2p specs kad-dht/README.md, and limits on single messages.</summary>
internal static class KademliaConstants
{
    /// <summary>Peers of a bucket, of a reply, and that hold a value.</summary>
    public const int K = 20;

    /// <summary>Of a key of a value, and of a peer id that is asked for.</summary>
    public const int MaxKeyBytes = 256;

    /// <summary>Of the key of a provider record: a multihash, as in go-libp2p-kad-dht.</summary>
    public const int MaxProviderKeyBytes = 80;

    /// <summary>Of one value.</summary>
    public const int MaxValueBytes = 8 * 1024;

    /// <summary>Of one request that we take: the largest is PUT_VALUE, with the key twice.</summary>
    public const int MaxRequestBytes = 32 * 1024;

    /// <summary>Of one reply that we take: 20 closer peers and as many providers, each with many addresses. go-libp2p takes 4 MiB.</summary>
    public const int MaxReplyBytes = 256 * 1024;

    /// <summary>Of one peer in a message that we take or send.</summary>
    public const int MaxAddressesPerPeer = 16;

    /// <summary>Of one address that we take.</summary>
    public const int MaxAddressBytes = 256;
}
