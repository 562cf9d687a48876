using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Diagnostics;

/// <summary>The counters of one host. Safe from any thread.</summary>
internal sealed class Libp2pCounters
{
    private long _dials;
    private long _inboundHandshakes;
    private long _outboundHandshakes;
    private long _inboundAccepted;
    private long _inboundEstablished;
    private long _outboundEstablished;
    private long _inboundStreams;
    private long _outboundStreams;
    private long _streamNegotiationFailures;
    private long _handlerFailures;
    private long _bytesReceived;
    private long _bytesSent;

    public EnumCounters<HandshakeFailure> InboundHandshakeFailures { get; } = new();

    public EnumCounters<HandshakeFailure> OutboundHandshakeFailures { get; } = new();

    public EnumCounters<DialFailure> DialFailures { get; } = new();

    public EnumCounters<Libp2pLimit> LimitHits { get; } = new();

    public EnumCounters<ConnectionEnd> ConnectionEnds { get; } = new();

    public EnumCounters<YamuxFault> ProtocolErrors { get; } = new();

    public void Dialled() => Interlocked.Increment(ref _dials);

    public void HandshakeSucceeded(bool inbound) => Interlocked.Increment(ref inbound ? ref _inboundHandshakes : ref _outboundHandshakes);

    public void Received(int bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    public void Sent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);

    public void InboundAccepted() => Interlocked.Increment(ref _inboundAccepted);

    public void Established(bool inbound) => Interlocked.Increment(ref inbound ? ref _inboundEstablished : ref _outboundEstablished);

    public void StreamAgreed(bool inbound) => Interlocked.Increment(ref inbound ? ref _inboundStreams : ref _outboundStreams);

    public void StreamNegotiationFailed() => Interlocked.Increment(ref _streamNegotiationFailures);

    public void HandlerFailed() => Interlocked.Increment(ref _handlerFailures);

    public void ConnectionEnded(Libp2pConnection connection)
    {
        ConnectionEnds.Increment(connection.End);
        if (connection.Fault != YamuxFault.None)
        {
            ProtocolErrors.Increment(connection.Fault);
        }
    }

    public Libp2pStatistics Snapshot(int connections) => new()
    {
        Dials = Interlocked.Read(ref _dials),
        InboundHandshakes = Interlocked.Read(ref _inboundHandshakes),
        OutboundHandshakes = Interlocked.Read(ref _outboundHandshakes),
        InboundAccepted = Interlocked.Read(ref _inboundAccepted),
        InboundEstablished = Interlocked.Read(ref _inboundEstablished),
        OutboundEstablished = Interlocked.Read(ref _outboundEstablished),
        InboundHandshakeFailures = InboundHandshakeFailures.Snapshot(),
        OutboundHandshakeFailures = OutboundHandshakeFailures.Snapshot(),
        DialFailures = DialFailures.Snapshot(),
        LimitHits = LimitHits.Snapshot(),
        ConnectionEnds = ConnectionEnds.Snapshot(),
        ProtocolErrors = ProtocolErrors.Snapshot(),
        InboundStreams = Interlocked.Read(ref _inboundStreams),
        OutboundStreams = Interlocked.Read(ref _outboundStreams),
        StreamNegotiationFailures = Interlocked.Read(ref _streamNegotiationFailures),
        HandlerFailures = Interlocked.Read(ref _handlerFailures),
        Connections = connections,
        BytesReceived = Interlocked.Read(ref _bytesReceived),
        BytesSent = Interlocked.Read(ref _bytesSent),
    };
}
