namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/status</c>.</summary>
public sealed record NodeStatus
{
    /// <summary>The node's peer id; empty while it starts.</summary>
    public required string PeerId { get; init; }

    /// <summary>The version of the daemon.</summary>
    public required string Version { get; init; }

    /// <summary><c>stopped</c>, <c>starting</c>, <c>running</c>, <c>stopping</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The process.</summary>
    public required int Pid { get; init; }

    /// <summary>When the node was started; null while it starts.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long ago that was.</summary>
    public double UptimeSeconds { get; init; }

    /// <summary>Multiaddresses where it listens, with the real ports.</summary>
    public required IReadOnlyList<string> ListenAddresses { get; init; }

    /// <summary>Multiaddresses where others can dial it now, without its peer id; empty when it only dials, or cannot tell.</summary>
    public IReadOnlyList<string> AnnouncedAddresses { get; init; } = [];

    /// <summary>Its configuration file, a full path; null when the program that embeds it has none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The networks.</summary>
    public required IReadOnlyList<NetworkStatus> Networks { get; init; }

    /// <summary>The transport.</summary>
    public required TransportStatus Transport { get; init; }
}
