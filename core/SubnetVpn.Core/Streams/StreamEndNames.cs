using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>Names of stream ends for counters and listings: a bounded set.</summary>
internal static class StreamEndNames
{
    public static string Of(StreamEnd end) => end switch
    {
        StreamEnd.None => "none",
        StreamEnd.Completed => "closed_by_peer",
        StreamEnd.ResetByPeer => "reset_by_peer",
        StreamEnd.ResetLocally => "reset_locally",
        StreamEnd.Cancelled => "cancelled",
        StreamEnd.ConnectionLost => "connection_lost",
        StreamEnd.ProtocolError => "protocol_error",
        StreamEnd.Disposed => "disposed",
        _ => "unknown",
    };
}
