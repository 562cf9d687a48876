using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Diagnostics;

/// <summary>What one discovery source answered.</summary>
public sealed record SourceAnswer
{
    /// <summary>The place of the source in <c>strategies: { discovery: […] }</c>, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What came of it.</summary>
    public required SourceOutcome Outcome { get; init; }

    /// <summary>The answer; not null exactly when <see cref="Outcome"/> is <see cref="SourceOutcome.Found"/>.</summary>
    public PeerMapping? Mapping { get; init; }

    /// <summary>A sentence of the source, or of what went wrong; or null.</summary>
    public string? Detail { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Why its answer is not used; null when there is none, or nothing speaks against it.</summary>
    public MappingRefusal? Refusal { get; init; }

    /// <summary>The peer that holds the address instead, where that is why.</summary>
    public PeerId? Holder { get; init; }

    /// <summary>Whether the rule of combination picks this answer among all.</summary>
    public bool IsPicked { get; init; }
}
