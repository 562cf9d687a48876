using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns a snapshot of a node to what <c>/v1/metrics</c> answers: the names are those of the instruments.</summary>
public static class MetricReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="node">The node.</param>
    public static MetricList Make(NodeSnapshot node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var metrics = new List<MetricValue>();
        foreach (var network in node.Networks)
            AddNetwork(metrics, network.Name, StatusReport.MakeCounters(network.Metrics));
        if (node.Transport is { } transport)
        {
            Add(metrics, "subnetvpn.transport.connections", transport.Connections.Count, ("transport", node.TransportName));
            foreach (var (name, value) in transport.Counters.OrderBy(counter => counter.Key, StringComparer.Ordinal))
                Add(metrics, $"subnetvpn.transport.{name}", value, ("transport", node.TransportName));
        }
        return new MetricList(metrics);
    }

    private static void AddNetwork(List<MetricValue> metrics, string network, NetworkCounters counters)
    {
        var label = ("network", network);
        Add(metrics, "subnetvpn.packets.sent", counters.PacketsSent, label);
        Add(metrics, "subnetvpn.packets.received", counters.PacketsReceived, label);
        Add(metrics, "subnetvpn.bytes.sent", counters.BytesSent, label);
        Add(metrics, "subnetvpn.bytes.received", counters.BytesReceived, label);
        AddByReason(metrics, "subnetvpn.packets.dropped", counters.DroppedOutbound, label, ("direction", "outbound"));
        AddByReason(metrics, "subnetvpn.packets.dropped", counters.DroppedInbound, label, ("direction", "inbound"));
        Add(metrics, "subnetvpn.streams.created", counters.StreamsCreated, label);
        Add(metrics, "subnetvpn.streams.closed", counters.StreamsClosed, label);
        AddByReason(metrics, "subnetvpn.streams.errors", counters.StreamErrors, label);
        Add(metrics, "subnetvpn.streams.active", counters.ActiveStreams, label);
        Add(metrics, "subnetvpn.workers.active", counters.ActiveFlows, label);
    }

    private static void AddByReason(
        List<MetricValue> metrics, string name, IReadOnlyDictionary<string, long> counters, params (string Key, string Value)[] labels)
    {
        foreach (var (reason, value) in counters)
            Add(metrics, name, value, [.. labels, ("reason", reason)]);
    }

    private static void Add(List<MetricValue> metrics, string name, long value, params (string Key, string Value)[] labels) =>
        metrics.Add(new MetricValue(name, labels.ToDictionary(label => label.Key, label => label.Value), value));
}
