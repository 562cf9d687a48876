namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Limits and timing of the stream multiplexer of one connection.</summary>
public sealed class YamuxOptions
{
    /// <summary>Streams the peer may have open at once on one connection; more are reset. Default 512.</summary>
    public int MaxInboundStreams { get; set; } = 512;

    /// <summary>Streams of both directions on one connection. Default 1024.</summary>
    public int MaxStreams { get; set; } = 1024;

    /// <summary>Largest receive window of one stream, in bytes. Default 16 MiB. The smallest is 256 KiB, by specification.</summary>
    public uint MaxWindowBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// What the windows of all streams of one connection may grow together beyond their first 256 KiB, in bytes. Default 64 MiB.
    /// A connection is thus never owed more than this plus <see cref="MaxStreams"/> times 256 KiB.
    /// </summary>
    public long MaxWindowGrowthBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Received data that nobody has read yet, on one connection, in bytes. Default 64 MiB. A stream whose data would exceed it is
    /// reset. It only matters with many streams that nobody reads: a single one is bounded by its window.
    /// </summary>
    public long MaxReceiveMemoryBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Largest body of a Data frame we send, in bytes. Default 64 KiB.</summary>
    public int MaxSendFrameBytes { get; set; } = 64 * 1024;

    /// <summary>How often a quiet or busy connection is pinged. Default 30 s. Zero: never (no round-trip time, no window growth).</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A ping without an answer for this long, with nothing else received, ends the connection. Default 20 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Runs a reader's continuation on the receive loop instead of the thread pool. Saves a thread switch;
    /// a continuation that computes for long then delays every stream of the connection. Default false.
    /// </summary>
    public bool InlineReaders { get; set; }
}
