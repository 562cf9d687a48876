namespace SubnetVpn.Streams;

/// <summary>What a transport is doing at one moment.</summary>
public sealed record TransportSnapshot
{
    /// <summary>Where it listens, with the real ports.</summary>
    public required IReadOnlyList<string> ListenAddresses { get; init; }

    /// <summary>The connections that are up.</summary>
    public required IReadOnlyList<TransportConnection> Connections { get; init; }

    /// <summary>
    /// Counters by a dotted name from a bounded set, such as <c>handshake_failed.bad_signature</c>. Those that are 0 may be left out.
    /// </summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    /// <summary>Peers that could not be reached lately: the last error, and when the next attempt is due.</summary>
    public IReadOnlyList<PeerDialFailure> DialFailures { get; init; } = [];
}
