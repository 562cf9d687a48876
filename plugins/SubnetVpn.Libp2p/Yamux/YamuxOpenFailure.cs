namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Why a stream could not be opened.</summary>
internal enum YamuxOpenFailure
{
    None = 0,
    SessionEnded,
    RemoteGoAway,
    TooManyStreams,
    TooManyUnacknowledged,
    IdsExhausted,
}
