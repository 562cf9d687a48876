namespace SubnetVpn.Discovery;

/// <summary>The answer of a search for a peer: a mapping, or why there is none.</summary>
public readonly record struct PeerLookup
{
    private PeerLookup(PeerLookupOutcome outcome, PeerMapping? mapping, string? detail) =>
        (Outcome, Mapping, Detail) = (outcome, mapping, detail);

    /// <summary>What came of it.</summary>
    public PeerLookupOutcome Outcome { get; }

    /// <summary>The mapping; not null exactly when <see cref="Outcome"/> is <see cref="PeerLookupOutcome.Found"/>.</summary>
    public PeerMapping? Mapping { get; }

    /// <summary>A sentence for the operator when nothing was found, or null.</summary>
    public string? Detail { get; }

    /// <summary>The peer was found.</summary>
    /// <param name="mapping">Its mapping.</param>
    public static PeerLookup Found(PeerMapping mapping) => new(PeerLookupOutcome.Found, mapping ?? throw new ArgumentNullException(nameof(mapping)), null);

    /// <summary>The source is sure, or as sure as it can be, that nobody holds the address.</summary>
    /// <param name="detail">A sentence for the operator, or null.</param>
    public static PeerLookup NotFound(string? detail = null) => new(PeerLookupOutcome.NotFound, null, detail);

    /// <summary>The source could not be asked; a later attempt may succeed.</summary>
    /// <param name="detail">A sentence for the operator: what failed.</param>
    public static PeerLookup Failed(string detail) => new(PeerLookupOutcome.Failed, null, detail);
}
