using System.Text.Json;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Kademlia;

namespace SubnetVpn.Transport.Libp2p.Diagnostics;

/// <summary>The library's counters under the dotted names that <c>status</c> shows; those that are 0 are left out.</summary>
internal static class CounterNames
{
    public static IReadOnlyDictionary<string, long> Of(Libp2pStatistics statistics, IReadOnlyList<KademliaStatistics> tables)
    {
        var counters = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Add(counters, "dials", statistics.Dials);
        Add(counters, "handshakes.inbound", statistics.InboundHandshakes);
        Add(counters, "handshakes.outbound", statistics.OutboundHandshakes);
        Add(counters, "inbound.accepted", statistics.InboundAccepted);
        Add(counters, "inbound.established", statistics.InboundEstablished);
        Add(counters, "outbound.established", statistics.OutboundEstablished);
        Add(counters, "streams.inbound", statistics.InboundStreams);
        Add(counters, "streams.outbound", statistics.OutboundStreams);
        Add(counters, "streams.negotiation_failed", statistics.StreamNegotiationFailures);
        Add(counters, "streams.handler_failed", statistics.HandlerFailures);
        Add(counters, "bytes.received", statistics.BytesReceived);
        Add(counters, "bytes.sent", statistics.BytesSent);
        Add(counters, "handshake_failed", statistics.InboundHandshakeFailures);
        Add(counters, "outbound_handshake_failed", statistics.OutboundHandshakeFailures);
        Add(counters, "dial_failed", statistics.DialFailures);
        Add(counters, "refused_over_limit", statistics.LimitHits);
        Add(counters, "connection_ended", statistics.ConnectionEnds);
        Add(counters, "protocol_error", statistics.ProtocolErrors);
        foreach (var table in tables)
        {
            Add(counters, "dht.peers", table.Peers);
            Add(counters, "dht.records", table.Records);
            Add(counters, "dht.providers", table.Providers);
            Add(counters, "dht.answered", table.Answered);
            Add(counters, "dht.lookups", table.Lookups);
            Add(counters, "dht.corrected", table.Corrected);
            Add(counters, "dht.request", table.Requests);
            Add(counters, "dht.refused", table.Refusals);
        }

        return counters;
    }

    private static void Add<TReason>(SortedDictionary<string, long> counters, string name, IReadOnlyDictionary<TReason, long> byReason)
        where TReason : struct, Enum
    {
        foreach (var (reason, count) in byReason)
        {
            Add(counters, $"{name}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString())}", count);
        }
    }

    private static void Add(SortedDictionary<string, long> counters, string name, long count)
    {
        if (count != 0)
        {
            counters[name] = counters.GetValueOrDefault(name) + count;
        }
    }
}
