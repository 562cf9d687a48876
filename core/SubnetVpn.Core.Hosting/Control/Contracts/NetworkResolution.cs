namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>Who holds an address in one network.</summary>
public sealed record NetworkResolution
{
    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary><c>resolved</c>, <c>unresolved</c>, or <c>own</c> (the address is this node's).</summary>
    public required string State { get; init; }

    /// <summary>The state in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Where packets to it go now; null when they go nowhere.</summary>
    public ResolvedRoute? Route { get; init; }

    /// <summary>What the registry says, whose word is final; null where the network has none.</summary>
    public SourceReply? Registry { get; init; }

    /// <summary>What each discovery source says, in the order in which they are asked.</summary>
    public required IReadOnlyList<SourceReply> Sources { get; init; }

    /// <summary>What was told of it before and is refused.</summary>
    public required IReadOnlyList<RefusedMapping> Refused { get; init; }
}
