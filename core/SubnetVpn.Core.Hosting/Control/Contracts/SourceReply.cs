namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>What one discovery source says of an address.</summary>
public sealed record SourceReply
{
    /// <summary>The source, as <c>strategies: { discovery: […] }</c> names it.</summary>
    public required string Source { get; init; }

    /// <summary><c>found</c>, <c>not_found</c>, <c>failed</c>, <c>timed_out</c> or <c>threw</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>
    /// <c>used</c>; <c>agrees</c> (it names the peer that is used, by another source); <c>not_needed</c> (an answer before it is used);
    /// <c>refused</c>; <c>final</c> (what the registry says); or <c>none</c> when it names no peer.
    /// </summary>
    public required string Verdict { get; init; }

    /// <summary>The answer in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>How long it took, milliseconds.</summary>
    public required double TookMilliseconds { get; init; }

    /// <summary>The peer that it names.</summary>
    public string? Peer { get; init; }

    /// <summary>What the peer holds, as it says.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Where the peer can be dialled, as it says.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>How far the answer can be trusted, such as <c>signed</c>.</summary>
    public string? Trust { get; init; }

    /// <summary>How old the answer is, seconds; null when the source does not know.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>How long it may be used, seconds; null for ever.</summary>
    public double? TimeToLiveSeconds { get; init; }

    /// <summary>Why it is refused, such as <c>less_trusted</c>.</summary>
    public string? Refusal { get; init; }

    /// <summary>What the source says beside it, or what went wrong.</summary>
    public string? Detail { get; init; }
}
