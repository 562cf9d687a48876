namespace SubnetVpn.Transport.Libp2p.Records;

/// <summary>What the node is in the hash table.</summary>
public enum DhtMode
{
    /// <summary>A server if it listens, else a client; nothing before something uses the record store.</summary>
    Auto,

    /// <summary>It asks others and answers nobody.</summary>
    Client,

    /// <summary>It answers others, from the start.</summary>
    Server,

    /// <summary>There is no record store.</summary>
    Off,
}
