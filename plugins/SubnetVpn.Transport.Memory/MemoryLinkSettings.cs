namespace SubnetVpn.Transport.Memory;

/// <summary>How a link behaves when it is first used.</summary>
public sealed record MemoryLinkSettings
{
    /// <summary>How long bytes are under way, one way. Default: none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How many bytes a second the link takes, all streams together. Default: 0, unlimited.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Whether reads return random parts of what has arrived, as a real network may. Default: false.</summary>
    public bool SplitReads { get; init; }

    /// <summary>Bytes of one stream that may be under way or unread; then writing waits. Default: 262,144, where yamux begins.</summary>
    public int Window { get; init; } = 256 * 1024;
}
