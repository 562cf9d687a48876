using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns a snapshot of a node to what <c>/v1/status</c> answers.</summary>
public static class StatusReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="node">The node.</param>
    public static NodeStatus Make(NodeSnapshot node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new NodeStatus
        {
            PeerId = node.Peer.ToString(),
            Version = VpnVersion.Text,
            State = KeyName.Of(node.State.ToString()),
            Pid = Environment.ProcessId,
            StartedAt = node.StartedAt,
            UptimeSeconds = node.StartedAt is { } start ? Math.Round((node.TakenAt - start).TotalSeconds, 3) : 0,
            ListenAddresses = node.ListenAddresses,
            AnnouncedAddresses = node.AnnouncedAddresses,
            ConfigurationFile = node.ConfigurationFile,
            Networks = [.. node.Networks.Select(network => MakeNetwork(network, node.Transport))],
            Transport = new TransportStatus
            {
                Name = node.TransportName,
                Connections = node.Transport?.Connections.Count ?? 0,
                Counters = Sorted(node.Transport?.Counters ?? new Dictionary<string, long>()),
            },
        };
    }

    /// <summary>The counters of a network.</summary>
    internal static NetworkCounters MakeCounters(VpnMetricsSnapshot metrics) => new()
    {
        PacketsSent = metrics.PacketsSent,
        BytesSent = metrics.BytesSent,
        PacketsReceived = metrics.PacketsReceived,
        BytesReceived = metrics.BytesReceived,
        DroppedOutbound = ByReason(metrics.OutboundDrops),
        DroppedInbound = ByReason(metrics.InboundDrops),
        StreamErrors = Sorted(metrics.StreamErrors),
        StreamsCreated = metrics.StreamsCreated,
        StreamsClosed = metrics.StreamsClosed,
        ActiveStreams = metrics.ActiveStreams,
        ActiveFlows = metrics.ActiveWorkers,
    };

    private static NetworkStatus MakeNetwork(NetworkSnapshot network, TransportSnapshot? transport)
    {
        var connected = transport?.Connections.Select(connection => connection.Peer).ToHashSet() ?? [];
        return new NetworkStatus
        {
            Name = network.Name,
            State = KeyName.Of(network.State.ToString()),
            Error = network.Error,
            VirtualIps = [.. network.Addresses.Select(address => address.ToString())],
            Addresses = [.. network.Addresses.Select(address => MakeAddress(network, address))],
            AddressConflict = network.LastConflict is { } conflict ? MakeConflict(conflict) : null,
            Tun = network.TunName,
            Mtu = network.Mtu,
            Offloads = [.. Enum.GetValues<TunCapabilities>().Where(flag => flag != TunCapabilities.None && network.Offloads.HasFlag(flag)).Select(flag => KeyName.Of(flag.ToString()))],
            Peers = new PeerCount(network.Peers.Count, network.Peers.Count(peer => connected.Contains(peer.Peer))),
            Counters = MakeCounters(network.Metrics),
        };
    }

    private static AddressStatus MakeAddress(NetworkSnapshot network, TunAddress own)
    {
        var isAutomatic = network.AutomaticAddresses.Contains(own.Address);
        return new AddressStatus(
            own.ToString(), isAutomatic, isAutomatic ? [.. network.LostAddresses.Where(lost => lost.IsIPv4 == own.Address.IsIPv4).Select(static lost => lost.ToString())] : []);
    }

    private static AddressConflictStatus MakeConflict(AddressConflict conflict)
    {
        var (rival, outcome) = (conflict.Rival, KeyName.Of(conflict.Outcome.ToString()));
        var what = conflict.Outcome switch
        {
            AddressConflictOutcome.Kept => "this node keeps it",
            AddressConflictOutcome.Moved => "this node took another",
            _ => "this node stopped the network",
        };
        return new AddressConflictStatus(
            conflict.Address.ToString(), rival.Peer.ToString(), rival.Source, outcome, conflict.At, $"{rival.Peer} claimed {conflict.Address} ({rival.Source}); {what}");
    }

    private static SortedDictionary<string, long> ByReason(IReadOnlyDictionary<PacketDropReason, long> drops) =>
        Sorted(drops.ToDictionary(pair => KeyName.Of(pair.Key.ToString()), pair => pair.Value));

    private static SortedDictionary<string, long> Sorted(IReadOnlyDictionary<string, long> counters) =>
        new(counters.ToDictionary(), StringComparer.Ordinal);
}
