using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Libp2p.Diagnostics;

/// <summary>What the host is doing, as the contract tells it.</summary>
internal static class Snapshots
{
    // How long a peer that nobody dials any more is still told of.
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(10);

    public static TransportSnapshot Of(Libp2pHost host, IReadOnlyList<KademliaStatistics> tables, TimeProvider time)
    {
        var connections = host.Connections;
        return new TransportSnapshot
        {
            ListenAddresses = [.. host.ListenAddresses.Select(static address => address.ToString())],
            Connections = [.. connections.Select(Describe)],
            Counters = CounterNames.Of(host.GetStatistics(), tables),
            DialFailures = Describe(host.GetFailedAddresses(), connections, time.GetUtcNow() - s_memory),
        };
    }

    private static TransportConnection Describe(Libp2pConnection connection) => new()
    {
        Peer = PeerIds.ToContract(connection.RemotePeer),
        RemoteAddress = connection.RemoteAddress.ToString(),
        IsInbound = connection.IsInbound,
        OpenedAt = connection.OpenedAt,
        BytesReceived = connection.BytesReceived,
        BytesSent = connection.BytesSent,
        Streams = connection.StreamCount,
        RoundTripTime = connection.RoundTrip,
        Description = string.Join(", ", new[] { "tcp/noise/yamux", connection.Cipher, connection.Congestion }.OfType<string>()),
    };

    // One entry a peer: the news of its addresses, and when the first of them is due.
    private static List<PeerDialFailure> Describe(
        IReadOnlyList<FailedAddress> addresses, IReadOnlyList<Libp2pConnection> connections, DateTimeOffset oldest)
    {
        var connected = connections.Select(static connection => connection.RemotePeer).ToHashSet();
        return [.. addresses
            .Where(address => address.FailedAt >= oldest && !connected.Contains(address.Peer))
            .GroupBy(static address => address.Peer)
            .Select(static peer => new PeerDialFailure(
                PeerIds.ToContract(peer.Key),
                string.Join("; ", peer.OrderByDescending(static address => address.FailedAt).Select(static address => address.Detail)),
                peer.Max(static address => address.FailedAt),
                peer.Min(static address => address.RetryAt)))];
    }
}
