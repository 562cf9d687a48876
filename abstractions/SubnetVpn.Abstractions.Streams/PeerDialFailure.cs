namespace SubnetVpn.Streams;

/// <summary>Why a peer could not be reached lately.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Error">The last error, a sentence for the operator.</param>
/// <param name="At">When it happened.</param>
/// <param name="NextAttempt">When the next attempt is due; earlier ones are refused.</param>
public sealed record PeerDialFailure(PeerId Peer, string Error, DateTimeOffset At, DateTimeOffset NextAttempt);
