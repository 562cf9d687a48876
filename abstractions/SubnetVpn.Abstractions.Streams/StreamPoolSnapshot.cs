namespace SubnetVpn.Streams;

/// <summary>The pool of a network at one moment.</summary>
public sealed record StreamPoolSnapshot
{
    /// <summary>Streams by peer.</summary>
    public required IReadOnlyDictionary<PeerId, int> StreamsPerPeer { get; init; }

    /// <summary>Streams that were lent.</summary>
    public long Acquisitions { get; init; }

    /// <summary>Times that no stream could be lent.</summary>
    public long AcquisitionFailures { get; init; }

    /// <summary>Streams that came back unhealthy.</summary>
    public long Unhealthy { get; init; }
}
