namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The transport of a node.</summary>
public sealed record TransportStatus
{
    /// <summary>Its name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Connections that are up, to peers of any network.</summary>
    public required int Connections { get; init; }

    /// <summary>Counters by a dotted name, such as <c>handshake_failed.timed_out</c>.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }
}
