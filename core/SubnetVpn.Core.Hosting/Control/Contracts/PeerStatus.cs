namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One peer of one network.</summary>
public sealed record PeerStatus
{
    /// <summary>The peer id.</summary>
    public required string Peer { get; init; }

    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>The addresses it holds.</summary>
    public required IReadOnlyList<string> VirtualIps { get; init; }

    /// <summary>The subnets it routes.</summary>
    public required IReadOnlyList<string> Routes { get; init; }

    /// <summary>Who told of it, such as <c>static</c>.</summary>
    public required string Source { get; init; }

    /// <summary>How far that can be trusted, such as <c>authoritative</c>.</summary>
    public required string Trust { get; init; }

    /// <summary><c>connected</c>, <c>unreachable</c> or <c>idle</c> (nothing was sent to it yet).</summary>
    public required string State { get; init; }

    /// <summary>The state in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it can be dialled.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The connections to it.</summary>
    public required IReadOnlyList<ConnectionStatus> Connections { get; init; }

    /// <summary>Streams that carry our packets to it.</summary>
    public required IReadOnlyList<StreamStatus> Streams { get; init; }

    /// <summary>Streams that carry its packets to us.</summary>
    public required int InboundStreams { get; init; }

    /// <summary>Flows to it.</summary>
    public required int Flows { get; init; }

    /// <summary>The circuit breaker of opening streams to it.</summary>
    public required CircuitStatus Circuit { get; init; }

    /// <summary>The last error; null when there is none since it last worked.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>When the next attempt to reach it is due; null when none waits.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>What it runs; null when it did not say.</summary>
    public string? Agent { get; init; }
}
