using System.Diagnostics.Metrics;
using System.Text.Json;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Transport.Libp2p.Diagnostics;

/// <summary>
/// The instruments of the transport, of the meter <c>SubnetVpn</c>. They read the library's counters when somebody collects;
/// the path of bytes knows nothing of them.
/// </summary>
internal sealed class TransportMetrics : IDisposable
{
    private const string Prefix = "subnetvpn.transport.";

    private static readonly KeyValuePair<string, object?> s_transport = new("transport", "libp2p");
    private static readonly KeyValuePair<string, object?> s_inbound = new("direction", "inbound");
    private static readonly KeyValuePair<string, object?> s_outbound = new("direction", "outbound");

    private readonly Meter _meter;
    private readonly Func<Libp2pStatistics> _read;

    public TransportMetrics(IMeterFactory meters, Func<Libp2pStatistics> read)
    {
        _read = read;
        // Not made by the factory, which would keep it after the transport is gone; its scope tells whose it is.
        _meter = new Meter(new MeterOptions("SubnetVpn") { Scope = meters });
        Count("dials", "{dial}", "Addresses of peers that were dialled.", static all => all.Dials);
        ByReason("dial_failures", "{dial}", "Dials that failed, by reason.", static all => [Measure(all.DialFailures)]);
        ByDirection("handshakes", "{handshake}", "Handshakes that succeeded.", static all => (all.InboundHandshakes, all.OutboundHandshakes));
        ByReason("handshake_failures", "{handshake}", "Handshakes that failed, by reason.",
            static all => [Measure(all.InboundHandshakeFailures, s_inbound), Measure(all.OutboundHandshakeFailures, s_outbound)]);
        Count("bytes.received", "By", "Bytes taken from the wire, handshakes included.", static all => all.BytesReceived);
        Count("bytes.sent", "By", "Bytes put on the wire, handshakes included.", static all => all.BytesSent);
        _meter.CreateObservableUpDownCounter(
            Prefix + "connections", () => new Measurement<long>(_read().Connections, s_transport), "{connection}", "Connections that are up.");
        Count("connections_accepted", "{connection}", "TCP connections that were accepted, those closed at once included.", static all => all.InboundAccepted);
        ByDirection("connections_opened", "{connection}", "Connections that came into use.", static all => (all.InboundEstablished, all.OutboundEstablished));
        ByReason("connections_ended", "{connection}", "Connections that ended, by reason.", static all => [Measure(all.ConnectionEnds)]);
        ByReason("limit_hits", "{refusal}", "Refusals because of a limit, by limit.", static all => [Measure(all.LimitHits)]);
        ByReason("protocol_errors", "{connection}", "Connections whose peer broke the rules of yamux, by rule.", static all => [Measure(all.ProtocolErrors)]);
        ByDirection("streams_agreed", "{stream}", "Streams of any protocol that both sides agreed on.", static all => (all.InboundStreams, all.OutboundStreams));
        Count("negotiation_failures", "{stream}", "Streams that ended before a protocol was agreed.", static all => all.StreamNegotiationFailures);
        Count("handler_failures", "{stream}", "Streams whose handler threw.", static all => all.HandlerFailures);
    }

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<Libp2pStatistics, long> read) =>
        _meter.CreateObservableCounter(Prefix + name, () => new Measurement<long>(read(_read()), s_transport), unit, description);

    private void ByDirection(string name, string unit, string description, Func<Libp2pStatistics, (long Inbound, long Outbound)> read) =>
        _meter.CreateObservableCounter(Prefix + name, () =>
        {
            var (inbound, outbound) = read(_read());
            return new Measurement<long>[] { new(inbound, s_transport, s_inbound), new(outbound, s_transport, s_outbound) };
        }, unit, description);

    private void ByReason(string name, string unit, string description, Func<Libp2pStatistics, IEnumerable<IEnumerable<Measurement<long>>>> read) =>
        _meter.CreateObservableCounter(Prefix + name, () => read(_read()).SelectMany(static part => part), unit, description);

    private static IEnumerable<Measurement<long>> Measure<TReason>(IReadOnlyDictionary<TReason, long> counts, params KeyValuePair<string, object?>[] more)
        where TReason : struct, Enum =>
        counts.Select(count => new Measurement<long>(
            count.Value, [s_transport, .. more, new("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(count.Key.ToString()))]));
}
