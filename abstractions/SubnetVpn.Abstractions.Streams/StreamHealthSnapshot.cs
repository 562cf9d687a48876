namespace SubnetVpn.Streams;

/// <summary>What the health checker and the warmer did so far.</summary>
public sealed record StreamHealthSnapshot
{
    /// <summary>Checks of a stream.</summary>
    public long Checks { get; init; }

    /// <summary>Checks that failed.</summary>
    public long Failures { get; init; }

    /// <summary>Streams that were replaced.</summary>
    public long Replacements { get; init; }

    /// <summary>Streams that were opened ahead of need.</summary>
    public long Warmed { get; init; }

    /// <summary>Streams that could not be opened ahead of need.</summary>
    public long WarmFailures { get; init; }
}
