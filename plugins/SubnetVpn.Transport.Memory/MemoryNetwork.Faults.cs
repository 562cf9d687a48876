using SubnetVpn.Streams;
using SubnetVpn.Transport.Memory.Connections;

namespace SubnetVpn.Transport.Memory;

// Faults of the whole network; those of one direction are with MemoryLink.
public sealed partial class MemoryNetwork
{
    /// <summary>Cuts two nodes off from each other: their connections are lost, and new ones fail, until <see cref="Restore"/>.</summary>
    /// <param name="one">A node.</param>
    /// <param name="other">Another.</param>
    public void Cut(PeerId one, PeerId other)
    {
        SetCut(one, other, isCut: true);
        Drop(one, other, "the link was cut");
    }

    /// <summary>Undoes <see cref="Cut"/>. Connections come back when they are dialled.</summary>
    /// <param name="one">A node.</param>
    /// <param name="other">Another.</param>
    public void Restore(PeerId one, PeerId other) => SetCut(one, other, isCut: false);

    /// <summary>Loses the connections between two nodes; new ones can be dialled at once.</summary>
    /// <param name="one">A node.</param>
    /// <param name="other">Another.</param>
    /// <returns>How many there were.</returns>
    public int DropConnections(PeerId one, PeerId other) => Drop(one, other, "the connection was lost");

    /// <summary>Resets every stream between two nodes, as if each had been reset by the other.</summary>
    /// <param name="one">A node.</param>
    /// <param name="other">Another.</param>
    /// <returns>How many there were.</returns>
    public int ResetStreams(PeerId one, PeerId other)
    {
        var count = 0;
        foreach (var connection in ConnectionsBetween(one, other))
        {
            foreach (var pair in connection.Streams())
            {
                pair.End(StreamEnd.ResetByPeer);
                count++;
            }
        }
        return count;
    }

    /// <summary>Resets one stream, as if each end had been reset by the other.</summary>
    /// <param name="name">The <see cref="VpnStreamInfo.Name"/> at either end.</param>
    /// <returns>Whether there is such a stream.</returns>
    public bool ResetStream(string name)
    {
        List<MemoryConnection> connections;
        lock (_gate)
            connections = [.. _connections];
        var pair = connections.SelectMany(connection => connection.Streams()).FirstOrDefault(pair => pair.Opener.Info.Name == name || pair.Acceptor.Info.Name == name);
        pair?.End(StreamEnd.ResetByPeer);
        return pair is not null;
    }

    private void SetCut(PeerId one, PeerId other, bool isCut)
    {
        Link(one, other).SetCut(isCut);
        Link(other, one).SetCut(isCut);
    }

    private int Drop(PeerId one, PeerId other, string reason)
    {
        List<MemoryConnection> gone;
        lock (_gate)
            gone = Forget(connection => IsBetween(connection, one, other), reason);
        Close(gone);
        return gone.Count;
    }

    private List<MemoryConnection> ConnectionsBetween(PeerId one, PeerId other)
    {
        lock (_gate)
            return [.. _connections.Where(connection => IsBetween(connection, one, other))];
    }

    // Called under the lock; the caller closes the result after it.
    private List<MemoryConnection> Forget(Predicate<MemoryConnection> which, string reason)
    {
        var gone = _connections.FindAll(which);
        foreach (var connection in gone)
        {
            _connections.Remove(connection);
            var (dialer, listener) = (connection.Dialer, connection.Listener);
            if (FindLocked(dialer, listener.Peer, 0, anyLane: true) is not null)
                continue;
            dialer.Events.Disconnected(listener.Peer, reason);
            listener.Events.Disconnected(dialer.Peer, reason);
        }
        return gone;
    }

    private static void Close(List<MemoryConnection> gone)
    {
        foreach (var connection in gone)
        {
            connection.Close();
            connection.Dialer.Events.Raise();
            connection.Listener.Events.Raise();
        }
    }
}
