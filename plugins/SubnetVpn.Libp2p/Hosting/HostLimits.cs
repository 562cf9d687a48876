namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Limits that keep peers from exhausting a host. What meets one is counted under it.</summary>
public sealed class HostLimits
{
    /// <summary>
    /// Connections of the host. Default 1024. When it is reached, a new one takes the place of the oldest inbound one that has
    /// no stream and is older than <see cref="IdleBeforeTrimming"/>; if there is none, it is refused.
    /// </summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>Connections with one peer, of both directions. Default 8.</summary>
    public int MaxConnectionsWithPeer { get; set; } = 8;

    /// <summary>How old a connection without streams must be before another may take its place. Default 10 s.</summary>
    public TimeSpan IdleBeforeTrimming { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Inbound connections whose handshake is not finished; a new one takes the place of the oldest. Default 128.</summary>
    public int MaxPendingInbound { get; set; } = 128;

    /// <summary>The same from one IPv4 address or one IPv6 /64. Default 16.</summary>
    public int MaxPendingInboundPerAddress { get; set; } = 16;

    /// <summary>New inbound connections a second from one IPv4 address or one IPv6 /64, in the long run. Default 16. Zero: no limit.</summary>
    public double InboundRatePerAddress { get; set; } = 16;

    /// <summary>How many may come at once before that rate counts. Default 64.</summary>
    public int InboundBurstPerAddress { get; set; } = 64;

    /// <summary>Inbound streams on one connection whose protocol is not agreed yet. Default 256.</summary>
    public int MaxPendingStreamsPerConnection { get; set; } = 256;

    /// <summary>Proposals a peer may make for one stream. Default 16.</summary>
    public int MaxProposals { get; set; } = 16;

    /// <summary>Memory for received data that nobody has read yet, all streams together, in bytes. Default 512 MiB.</summary>
    public long MaxReceiveMemory { get; set; } = 512L * 1024 * 1024;
}
