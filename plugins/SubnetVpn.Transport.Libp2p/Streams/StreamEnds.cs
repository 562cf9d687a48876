using ContractEnd = SubnetVpn.Streams.StreamEnd;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Transport.Libp2p.Streams;

/// <summary>How a stream ended, as the contract names it.</summary>
internal static class StreamEnds
{
    public static ContractEnd ToContract(StreamEnd end, Libp2pConnection connection) => end switch
    {
        StreamEnd.None => ContractEnd.None,
        StreamEnd.Completed => ContractEnd.Completed,
        StreamEnd.ResetByPeer => ContractEnd.ResetByPeer,
        StreamEnd.Cancelled => ContractEnd.Cancelled,
        StreamEnd.ConnectionLost when connection.End is ConnectionEnd.ProtocolError or ConnectionEnd.DecryptFailed => ContractEnd.ProtocolError,
        StreamEnd.ConnectionLost => ContractEnd.ConnectionLost,
        _ => ContractEnd.ResetLocally,
    };
}
