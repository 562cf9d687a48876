using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Identify;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>The connections with one peer, and the dials under way. Guarded by the lock of its <see cref="PeerTable"/>.</summary>
internal sealed class PeerEntry(int lanes)
{
    public List<Libp2pConnection> Connections { get; } = [];

    /// <summary>Which connection the streams of a lane use. A connection serves one lane, unless there are fewer than lanes.</summary>
    public Libp2pConnection?[] Lanes { get; } = new Libp2pConnection?[lanes];

    public Task<ConnectResult>?[] Dials { get; } = new Task<ConnectResult>?[lanes];

    /// <summary>What the peer says about itself.</summary>
    public PeerInfo? Info { get; set; }

    public bool IsEmpty => Connections.Count == 0 && Array.TrueForAll(Dials, static dial => dial is null);

    /// <summary>The connection of a lane; a connection that no lane uses yet becomes it.</summary>
    public Libp2pConnection? OfLane(int lane)
    {
        if (Lanes[lane] is { IsClosing: false } own)
        {
            return own;
        }

        Lanes[lane] = Connections.Find(connection => !connection.IsClosing && Array.IndexOf(Lanes, connection) < 0);
        return Lanes[lane];
    }

    /// <summary>Any connection: the one with the fewest streams.</summary>
    public Libp2pConnection? LeastUsed()
    {
        Libp2pConnection? best = null;
        foreach (Libp2pConnection connection in Connections)
        {
            if (!connection.IsClosing && (best is null || connection.StreamCount < best.StreamCount))
            {
                best = connection;
            }
        }

        return best;
    }

    /// <summary>A dial that will bring the first connection, whatever its lane.</summary>
    public Task<ConnectResult>? AnyDial() => Array.Find(Dials, static dial => dial is not null);
}
