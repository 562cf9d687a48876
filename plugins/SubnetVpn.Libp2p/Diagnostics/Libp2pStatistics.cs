using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Diagnostics;

/// <summary>What a host has counted since it was created. The dictionaries hold only what is not zero.</summary>
public sealed record Libp2pStatistics
{
    /// <summary>Addresses that were dialled. One is given up, which is no failure, when another address of the peer answers first.</summary>
    public required long Dials { get; init; }

    /// <summary>Inbound handshakes that succeeded, also where a limit then closed the connection.</summary>
    public required long InboundHandshakes { get; init; }

    /// <summary>Outbound handshakes that succeeded, also where a limit or a faster address then closed the connection.</summary>
    public required long OutboundHandshakes { get; init; }

    /// <summary>TCP connections that were accepted, including those closed at once because of a limit.</summary>
    public required long InboundAccepted { get; init; }

    /// <summary>Inbound connections that came into use.</summary>
    public required long InboundEstablished { get; init; }

    /// <summary>Outbound connections that came into use.</summary>
    public required long OutboundEstablished { get; init; }

    /// <summary>Inbound handshakes that failed, by reason.</summary>
    public required IReadOnlyDictionary<HandshakeFailure, long> InboundHandshakeFailures { get; init; }

    /// <summary>Outbound handshakes that failed, by reason.</summary>
    public required IReadOnlyDictionary<HandshakeFailure, long> OutboundHandshakeFailures { get; init; }

    /// <summary>Dials that failed, by reason.</summary>
    public required IReadOnlyDictionary<DialFailure, long> DialFailures { get; init; }

    /// <summary>Refusals because of a limit.</summary>
    public required IReadOnlyDictionary<Libp2pLimit, long> LimitHits { get; init; }

    /// <summary>Connections that ended, by reason.</summary>
    public required IReadOnlyDictionary<ConnectionEnd, long> ConnectionEnds { get; init; }

    /// <summary>Connections that ended because the peer broke the rules of the multiplexer.</summary>
    public required IReadOnlyDictionary<YamuxFault, long> ProtocolErrors { get; init; }

    /// <summary>Streams that peers opened and whose protocol was agreed.</summary>
    public required long InboundStreams { get; init; }

    /// <summary>Streams that we opened and whose protocol was agreed.</summary>
    public required long OutboundStreams { get; init; }

    /// <summary>Streams that ended before a protocol was agreed.</summary>
    public required long StreamNegotiationFailures { get; init; }

    /// <summary>Handlers that threw.</summary>
    public required long HandlerFailures { get; init; }

    /// <summary>Connections now.</summary>
    public required int Connections { get; init; }

    /// <summary>Bytes received from the network, handshakes included.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes sent to the network, handshakes included.</summary>
    public required long BytesSent { get; init; }
}
