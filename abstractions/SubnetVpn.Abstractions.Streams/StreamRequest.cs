namespace SubnetVpn.Streams;

/// <summary>What kind of stream to open.</summary>
/// <param name="Protocols">Protocol ids in order of preference; the first that the peer speaks wins.</param>
public sealed record StreamRequest(IReadOnlyList<string> Protocols)
{
    /// <summary>
    /// Streams of different lanes use different connections to the peer, as far as the transport has or makes several, so
    /// that one lost segment stalls one lane. Default: 0.
    /// </summary>
    public int Lane { get; init; }
}
