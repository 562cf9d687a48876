using System.Diagnostics.Metrics;

namespace SubnetVpn.Core.Metrics;

public sealed partial class VpnMetrics
{
    /// <summary>The meter of everything this project measures.</summary>
    public const string MeterName = "SubnetVpn";

    private const string OtherLabel = "other";

    private void RegisterInstruments()
    {
        Register("subnetvpn.packets.sent", "{packet}", "Packets handed to peers; a super-packet counts once.", () => _packetsSent.Value);
        Register("subnetvpn.packets.received", "{packet}", "Packets of peers that the TUN device took; a super-packet counts once.", () => _packetsReceived.Value);
        Register("subnetvpn.bytes.sent", "By", "Bytes of the packets handed to peers, without frame headers.", () => _bytesSent.Value);
        Register("subnetvpn.bytes.received", "By", "Bytes of the packets of peers that the TUN device took, without frame headers.", () => _bytesReceived.Value);
        _meter.CreateObservableCounter("subnetvpn.packets.dropped", MeasureDrops, "{packet}", "Packets that were dropped, by reason and direction.");
        _meter.CreateObservableCounter("subnetvpn.streams.created", () => MeasurePeers(static peer => peer.Created), "{stream}", "Streams that were opened, by either side.");
        _meter.CreateObservableCounter("subnetvpn.streams.closed", () => MeasurePeers(static peer => peer.Closed), "{stream}", "Streams that ended.");
        _meter.CreateObservableCounter("subnetvpn.streams.errors", MeasureStreamErrors, "{stream}", "Streams that ended with an error, by reason.");
        _meter.CreateObservableUpDownCounter("subnetvpn.streams.active", () => MeasurePeers(static peer => peer.Active), "{stream}", "Streams that are open.");
        RegisterDiscovery();
        RegisterAddresses();
        RegisterWorkers();
        RegisterStreams();
    }

    private void Register(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableCounter(name, () => new Measurement<long>(read(), _network), unit, description);

    private IEnumerable<Measurement<long>> MeasureDrops() =>
        MeasureDrops(_outboundDrops, "outbound").Concat(MeasureDrops(_inboundDrops, "inbound"));

    private IEnumerable<Measurement<long>> MeasureDrops(DropCounters drops, string direction) =>
        drops.NonZero().Select(drop => new Measurement<long>(drop.Value, _network, new("direction", direction), new("reason", SnakeCase.Of(drop.Key))));

    private IEnumerable<Measurement<long>> MeasureStreamErrors() =>
        StreamErrors().Select(error => new Measurement<long>(error.Value, _network, new("reason", error.Key)));

    private IEnumerable<Measurement<long>> MeasurePeers(Func<PeerStreamCounters, long> read)
    {
        foreach (var (peer, counters) in _peers.Entries)
            yield return new Measurement<long>(read(counters), _network, new("peer", peer.ToString()));
        if (_peers.Others.Created > 0)
            yield return new Measurement<long>(read(_peers.Others), _network, new("peer", OtherLabel));
    }
}
