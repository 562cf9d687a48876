namespace SubnetVpn.Core.Diagnostics;

/// <summary>Where packets to an address go, and what each discovery source says of it.</summary>
public sealed record AddressResolution
{
    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>The address.</summary>
    public required VirtualIp Address { get; init; }

    /// <summary>Whether it is this node's own: no source is asked then.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>When it was found out.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What the registry says, whose word is final; null where the network has none, or was not asked.</summary>
    public SourceAnswer? Registration { get; init; }

    /// <summary>The answers, in the order in which the sources stand.</summary>
    public required IReadOnlyList<SourceAnswer> Answers { get; init; }

    /// <summary>The route that packets take now; null when there is none.</summary>
    public required RouteInUse? InUse { get; init; }

    /// <summary>Claims to the address that were told before and are refused.</summary>
    public required IReadOnlyList<RefusedClaim> Refused { get; init; }
}
