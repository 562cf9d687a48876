namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>Why a record was not taken.</summary>
internal enum RecordRefusal
{
    /// <summary>It was taken.</summary>
    None,

    /// <summary>Longer than any record.</summary>
    TooLarge,

    /// <summary>It cannot be read, or a part has a wrong length.</summary>
    Malformed,

    /// <summary>Of a version that this node does not know.</summary>
    UnknownVersion,

    /// <summary>The key is none of records.</summary>
    BadKey,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Issued later than now, beyond what clocks may differ.</summary>
    FromFuture,

    /// <summary>It would hold for longer than a record may, or expires before it was issued.</summary>
    BadLifetime,

    /// <summary>Not signed by the key of the network that the record's key names.</summary>
    BadNetworkSignature,

    /// <summary>Signed by the key of the network, and yet not sealed by it.</summary>
    Unreadable,

    /// <summary>Of a network of another name.</summary>
    WrongNetwork,

    /// <summary>Of another address than the one that the key stands for, or outside the network.</summary>
    WrongAddress,

    /// <summary>The peer's id does not hold an Ed25519 key.</summary>
    BadPeer,

    /// <summary>Not signed by the peer that it names.</summary>
    BadPeerSignature,

    /// <summary>The rank is not that of the claim.</summary>
    WrongRank,

    /// <summary>Too many addresses to dial, or one that is none.</summary>
    BadDialAddress,
}
