namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>What peers may make us keep and do. What meets a limit is counted under its <see cref="KademliaRefusal"/>.</summary>
public sealed class KademliaLimits
{
    /// <summary>Values of others. Default 8192. Beyond it a nearer one takes the place of the farthest.</summary>
    public int MaxRecords { get; set; } = 8192;

    /// <summary>Keys and values of others, in bytes. Default 16 MiB.</summary>
    public long MaxRecordBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Values that one peer stores here. Default 256.</summary>
    public int MaxRecordsPerPeer { get; set; } = 256;

    /// <summary>Provider records. Default 16,384.</summary>
    public int MaxProviders { get; set; } = 16_384;

    /// <summary>Provider records with their addresses, in bytes. Default 16 MiB.</summary>
    public long MaxProviderBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Providers of one key. Default 128.</summary>
    public int MaxProvidersPerKey { get; set; } = 128;

    /// <summary>Keys that one peer provides. Default 512.</summary>
    public int MaxProvidersPerPeer { get; set; } = 512;

    /// <summary>Streams of one peer. Default 32.</summary>
    public int MaxStreamsPerPeer { get; set; } = 32;

    /// <summary>Streams of all peers. Default 512.</summary>
    public int MaxStreams { get; set; } = 512;

    /// <summary>Requests of one peer a second, in the long run. Default 50.</summary>
    public double RequestsPerSecond { get; set; } = 50;

    /// <summary>Requests of one peer at once before that rate counts. Default 200.</summary>
    public int RequestBurst { get; set; } = 200;

    /// <summary>
    /// Peers of one public IPv4 /24 or IPv6 /48 in the routing table. Default 20. Private and loopback addresses do not count:
    /// they are no sign of one owner.
    /// </summary>
    public int MaxPeersPerPrefix { get; set; } = 20;

    /// <summary>The same in one bucket. Default 4.</summary>
    public int MaxPeersPerPrefixAndBucket { get; set; } = 4;
}
