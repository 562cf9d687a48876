using SubnetVpn.Discovery;
using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Diagnostics;

/// <summary>One peer of a network at one moment.</summary>
public sealed record PeerSnapshot
{
    /// <summary>The peer.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>The addresses and subnets it holds.</summary>
    public required IReadOnlyList<IpPrefix> Prefixes { get; init; }

    /// <summary>Where it can be dialled.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The discovery source that told of it.</summary>
    public required string Source { get; init; }

    /// <summary>How far the mapping can be trusted.</summary>
    public required MappingTrust Trust { get; init; }

    /// <summary>Streams that we opened to it and that carry our packets.</summary>
    public required IReadOnlyList<StreamSnapshot> Streams { get; init; }

    /// <summary>Streams that it opened to us.</summary>
    public required int InboundStreams { get; init; }

    /// <summary>Flows to it.</summary>
    public required int Flows { get; init; }

    /// <summary>The circuit breaker of opening streams to it.</summary>
    public required CircuitSnapshot Circuit { get; init; }

    /// <summary>Why the last attempt to open a stream failed; null when it did not.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>What it runs, from its hello; null before one, and for nodes of the original network.</summary>
    public string? AgentVersion { get; init; }
}
