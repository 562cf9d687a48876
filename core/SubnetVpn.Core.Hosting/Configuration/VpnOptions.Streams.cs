namespace SubnetVpn.Core.Hosting.Configuration;

// How the streams and the flows of a network are kept.
public sealed partial class VpnOptions
{
    /// <summary>The most streams to one peer. Default: 10.</summary>
    public int MaxStreamsPerPeer { get; set; } = 10;

    /// <summary>The streams that are kept open to a peer in use. Default: 2.</summary>
    public int MinStreamsPerPeer { get; set; } = 2;

    /// <summary>After how long an idle stream may be closed. Default: 300 s.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How often idle streams are looked for; shorter than <c>stream_idle_timeout</c>. Default: 60 s.</summary>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Packets of 64 KiB in the queue of one stream; smaller ones fill it by their length, up to 16 times as many. Never more than 2 MiB. Default: 100.</summary>
    public int PacketBufferSize { get; set; } = 100;

    /// <summary>After how long an idle flow is forgotten. Default: 300 s.</summary>
    public TimeSpan WorkerIdleTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Packets that a flow holds while it has no stream. Default: 100.</summary>
    public int WorkerBufferSize { get; set; } = 100;

    /// <summary>How often idle flows are looked for; shorter than <c>worker_idle_timeout</c>. Default: 60 s.</summary>
    public TimeSpan WorkerCleanupInterval { get; set; } = TimeSpan.FromSeconds(60);
}
