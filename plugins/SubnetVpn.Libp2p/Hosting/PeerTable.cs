using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>All connections of a host, by peer.</summary>
internal sealed class PeerTable(Libp2pOptions options, PeerNotifier notifier)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, PeerEntry> _peers = [];
    private int _count;
    private bool _closed;

    public int Count => Volatile.Read(ref _count);

    public Libp2pConnection[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _peers.Values.SelectMany(static entry => entry.Connections)];
        }
    }

    public Libp2pConnection[] Of(PeerId peer)
    {
        lock (_gate)
        {
            return _peers.TryGetValue(peer, out PeerEntry? entry) ? [.. entry.Connections] : [];
        }
    }

    public PeerInfo? GetInfo(PeerId peer)
    {
        lock (_gate)
        {
            return _peers.GetValueOrDefault(peer)?.Info;
        }
    }

    /// <summary>Remembers it while the peer is connected.</summary>
    public void SetInfo(PeerInfo info)
    {
        lock (_gate)
        {
            if (_peers.TryGetValue(info.Peer, out PeerEntry? entry) && entry.Connections.Count > 0)
            {
                entry.Info = info;
            }
        }
    }

    /// <summary>Takes a connection in. Otherwise returns the limit that stands against it.</summary>
    public Libp2pLimit? TryAdd(Libp2pConnection connection, int? lane)
    {
        lock (_gate)
        {
            if (_closed || _count >= options.Limits.MaxConnections)
            {
                return Libp2pLimit.Connections;
            }

            PeerEntry entry = GetOrAdd(connection.RemotePeer);
            if (entry.Connections.Count >= options.Limits.MaxConnectionsWithPeer)
            {
                return Libp2pLimit.ConnectionsPerPeer;
            }

            entry.Connections.Add(connection);
            _count++;
            if (lane is { } own)
            {
                entry.Lanes[own] = connection;
            }

            if (entry.Connections.Count == 1)
            {
                notifier.Changed(connection.RemotePeer, connected: true, ConnectionEnd.None);
            }

            return null;
        }
    }

    public void Remove(Libp2pConnection connection)
    {
        lock (_gate)
        {
            if (!_peers.TryGetValue(connection.RemotePeer, out PeerEntry? entry) || !entry.Connections.Remove(connection))
            {
                return;
            }

            _count--;
            int lane = Array.IndexOf(entry.Lanes, connection);
            if (lane >= 0)
            {
                entry.Lanes[lane] = null;
            }

            if (entry.Connections.Count == 0)
            {
                entry.Info = null;
                notifier.Changed(connection.RemotePeer, connected: false, connection.End);
            }

            RemoveIfEmpty(connection.RemotePeer, entry);
        }
    }

    /// <summary>The oldest inbound connection without streams that was there before then.</summary>
    public Libp2pConnection? FindIdle(DateTimeOffset openedBefore)
    {
        lock (_gate)
        {
            return _closed ? null : _peers.Values.SelectMany(static entry => entry.Connections)
                .Where(connection => connection.IsInbound && connection.OpenedAt <= openedBefore && connection.StreamCount == 0)
                .MinBy(static connection => connection.OpenedAt);
        }
    }

    /// <summary>
    /// The connection for a lane; or a dial to wait for, after which to ask again; or, without either, nothing.
    /// <paramref name="fallback"/> is what can be used if the dial fails.
    /// </summary>
    public Libp2pConnection? Pick(
        PeerId peer, int lane, Func<int, bool, Task<ConnectResult>>? dial, out Task<ConnectResult>? pending, out Libp2pConnection? fallback)
    {
        lane = (int)((uint)lane % (uint)options.MaxConnectionsPerPeer);
        pending = null;
        lock (_gate)
        {
            fallback = null;
            if (_peers.TryGetValue(peer, out PeerEntry? entry))
            {
                if (entry.OfLane(lane) is { } connection)
                {
                    return connection;
                }

                fallback = entry.LeastUsed();
            }

            bool full = _closed || _count >= options.Limits.MaxConnections
                || entry?.Connections.Count >= options.Limits.MaxConnectionsWithPeer;
            if (dial is null || full)
            {
                return fallback;
            }

            entry ??= GetOrAdd(peer);
            bool isFirst = fallback is null;
            pending = isFirst ? entry.AnyDial() : entry.Dials[lane];
            if (pending is null)
            {
                entry.Dials[lane] = pending = Task.Run(() => dial(lane, isFirst));
            }

            return null;
        }
    }

    /// <summary>A dial that <see cref="Pick"/> started is over.</summary>
    public void DialEnded(PeerId peer, int lane)
    {
        lock (_gate)
        {
            if (_peers.TryGetValue(peer, out PeerEntry? entry))
            {
                entry.Dials[lane] = null;
                RemoveIfEmpty(peer, entry);
            }
        }
    }

    /// <summary>Takes no more connections.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private PeerEntry GetOrAdd(PeerId peer)
    {
        if (!_peers.TryGetValue(peer, out PeerEntry? entry))
        {
            _peers.Add(peer, entry = new PeerEntry(options.MaxConnectionsPerPeer));
        }

        return entry;
    }

    private void RemoveIfEmpty(PeerId peer, PeerEntry entry)
    {
        if (entry.IsEmpty)
        {
            _peers.Remove(peer);
        }
    }
}
