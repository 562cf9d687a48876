using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>The library's reasons, as the contract names them.</summary>
internal static class Failures
{
    public static OpenStreamFailure ToContract(DialFailure failure) => failure switch
    {
        DialFailure.None => OpenStreamFailure.None,
        DialFailure.NoAddress => OpenStreamFailure.NoAddress,
        DialFailure.Backoff => OpenStreamFailure.BackingOff,
        DialFailure.Refused or DialFailure.Unreachable or DialFailure.NameNotResolved => OpenStreamFailure.Unreachable,
        DialFailure.TimedOut => OpenStreamFailure.TimedOut,
        DialFailure.HandshakeFailed or DialFailure.NegotiationFailed => OpenStreamFailure.HandshakeFailed,
        DialFailure.WrongPeer => OpenStreamFailure.WrongPeer,
        DialFailure.TooManyConnections or DialFailure.TooManyStreams => OpenStreamFailure.TooMany,
        DialFailure.ProtocolNotSupported => OpenStreamFailure.ProtocolNotSupported,
        DialFailure.ConnectionLost => OpenStreamFailure.ConnectionLost,
        DialFailure.HostStopped => OpenStreamFailure.Stopping,
        DialFailure.Self => OpenStreamFailure.Self,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Not a reason why a stream could not be opened."),
    };
}
