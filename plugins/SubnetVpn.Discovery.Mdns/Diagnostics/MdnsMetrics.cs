using System.Diagnostics.Metrics;
using System.Text.Json;
using SubnetVpn.Discovery.Mdns.Links;

namespace SubnetVpn.Discovery.Mdns.Diagnostics;

/// <summary>The instruments of the plugin, of the meter <c>SubnetVpn</c>; they read the counters when somebody collects.</summary>
internal sealed class MdnsMetrics : IDisposable
{
    private readonly Meter _meter;

    public MdnsMetrics(IMeterFactory meters, string network, MdnsCounters counters, Func<int> peers)
    {
        // Not made by the factory, which would keep it after the network is gone; its scope tells whose it is.
        _meter = new Meter(new MeterOptions("SubnetVpn") { Scope = meters });
        var label = new KeyValuePair<string, object?>("network", network);
        _meter.CreateObservableCounter(
            "subnetvpn.mdns.received", () => new Measurement<long>(counters.Received, label), "{message}", "Messages of the link that were read.");
        _meter.CreateObservableCounter(
            "subnetvpn.mdns.sent", () => Enum.GetValues<PacketKind>().Select(kind => new Measurement<long>(counters.Of(kind), label, new("kind", NameOf(kind)))),
            "{message}", "Messages that were sent to the link, by kind.");
        _meter.CreateObservableCounter(
            "subnetvpn.mdns.send_failures", () => new Measurement<long>(counters.SendFailures, label), "{message}", "Messages that the system did not take.");
        _meter.CreateObservableCounter(
            "subnetvpn.mdns.refusals",
            () => Enum.GetValues<RefusalReason>().Select(reason => new Measurement<long>(counters.Of(reason), label, new("reason", NameOf(reason)))),
            "{refusal}", "What came over the link and was not believed or not read, by reason.");
        _meter.CreateObservableUpDownCounter("subnetvpn.mdns.peers", () => new Measurement<long>(peers(), label), "{peer}", "Peers that are on the link.");
    }

    public void Dispose() => _meter.Dispose();

    private static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
