using System.Collections.Concurrent;
using SubnetVpn.Transport.Memory.Connections;

namespace SubnetVpn.Transport.Memory;

/// <summary>
/// A network inside the process: joins <see cref="MemoryTransport"/> instances, and lets tests disturb it. With a manual
/// clock, and with one thing going on at a time, the same seed gives the same history. Thread-safe.
/// </summary>
public sealed partial class MemoryNetwork
{
    // Guards the tables. What the tables lead to is called after it was left, except for the queues of events.
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, MemoryTransport> _transports = [];
    private readonly Dictionary<string, MemoryTransport> _listeners = new(StringComparer.Ordinal);
    private readonly List<MemoryConnection> _connections = [];
    private readonly ConcurrentDictionary<(PeerId From, PeerId To), MemoryLink> _links = new();
    private readonly MemoryLinkSettings _defaults;
    private readonly long _start;
    private readonly int _seed;
    private int _lastConnection;
    private int _lastName;

    /// <summary>Makes a network without nodes.</summary>
    /// <param name="time">The clock of delays.</param>
    /// <param name="defaults">How links behave unless a node or a test says otherwise; null for at once and unlimited.</param>
    /// <param name="seed">What split reads follow from.</param>
    public MemoryNetwork(TimeProvider time, MemoryLinkSettings? defaults = null, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(time);
        (Time, _defaults, _seed, _start) = (time, defaults ?? new MemoryLinkSettings(), seed, time.GetTimestamp());
    }

    internal TimeProvider Time { get; }

    internal TimeSpan Now => Time.GetElapsedTime(_start);

    /// <summary>Makes the transport of a node of this network.</summary>
    /// <param name="peer">Who the node is; taken at its word.</param>
    /// <param name="outgoing">How links from this node behave; null for the defaults of the network.</param>
    /// <exception cref="InvalidOperationException">The network has a node of that name.</exception>
    public MemoryTransport CreateTransport(PeerId peer, MemoryLinkSettings? outgoing = null) => new(this, peer, outgoing, logger: null);

    /// <summary>The way from one node to another.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">Who receives.</param>
    public MemoryLink Link(PeerId from, PeerId to)
    {
        return _links.GetOrAdd((from, to), static (key, network) => new MemoryLink(network, key.From, key.To, network.SettingsOf(key.From)), this);
    }

    internal int SeedFor(int connection, int stream) => unchecked((((_seed * 31) + connection) * 8191) + (stream * 2));

    internal void Join(MemoryTransport transport)
    {
        lock (_gate)
            if (!_transports.TryAdd(transport.Peer, transport))
                throw new InvalidOperationException($"The memory network has a node {transport.Peer} already.");
    }

    internal void Leave(MemoryTransport transport)
    {
        List<MemoryConnection> gone;
        lock (_gate)
        {
            _transports.Remove(transport.Peer);
            foreach (var (name, owner) in _listeners)
                if (ReferenceEquals(owner, transport))
                    _listeners.Remove(name);
            gone = Forget(connection => ReferenceEquals(connection.Dialer, transport) || ReferenceEquals(connection.Listener, transport), "the node stopped");
        }
        Close(gone);
    }

    /// <summary>Takes names for a listener, all or none. An empty result and the name that is taken when that fails.</summary>
    internal IReadOnlyList<string> Listen(MemoryTransport transport, IReadOnlyList<string> names, out string? taken)
    {
        lock (_gate)
        {
            taken = names.FirstOrDefault(name => name != "0" && _listeners.ContainsKey(name));
            if (taken is not null)
                return [];
            var result = names.Select(name => name == "0" ? FreeName() : name).Distinct().ToList();
            foreach (var name in result)
                _listeners[name] = transport;
            return result;
        }
    }

    internal MemoryTransport? FindListener(string name)
    {
        lock (_gate)
            return _listeners.GetValueOrDefault(name);
    }

    /// <summary>The connection of a lane, or with <paramref name="anyLane"/> any.</summary>
    internal MemoryConnection? Find(MemoryTransport self, PeerId peer, int lane, bool anyLane = false)
    {
        lock (_gate)
            return FindLocked(self, peer, lane, anyLane);
    }

    /// <summary>Connects two nodes; null when the link is cut or one of them is gone.</summary>
    internal MemoryConnection? Connect(MemoryTransport dialer, MemoryTransport listener, string address, int lane)
    {
        MemoryConnection connection;
        lock (_gate)
        {
            // Both sides may have dialled at once, or twice.
            if (FindLocked(dialer, listener.Peer, lane, anyLane: false) is { } existing)
                return existing;
            if (!IsThere(dialer) || !IsThere(listener) || Link(dialer.Peer, listener.Peer).IsCut)
                return null;
            var isFirst = FindLocked(dialer, listener.Peer, lane, anyLane: true) is null;
            connection = new MemoryConnection(this, ++_lastConnection, lane, dialer, listener, address);
            _connections.Add(connection);
            if (isFirst)
            {
                dialer.Events.Connected(listener.Peer);
                listener.Events.Connected(dialer.Peer);
            }
        }
        dialer.Events.Raise();
        listener.Events.Raise();
        return connection;
    }

    internal IReadOnlyList<MemoryConnection> ConnectionsOf(MemoryTransport transport)
    {
        lock (_gate)
            return [.. _connections.Where(connection => ReferenceEquals(connection.Dialer, transport) || ReferenceEquals(connection.Listener, transport))];
    }

    internal void DeliverAll(MemoryLink link)
    {
        foreach (var connection in ConnectionsBetween(link.From, link.To))
            foreach (var pair in connection.Streams())
                pair.Deliver(link);
    }

    private MemoryLinkSettings SettingsOf(PeerId from)
    {
        lock (_gate)
            return _transports.GetValueOrDefault(from)?.Outgoing ?? _defaults;
    }

    private bool IsThere(MemoryTransport transport) => _transports.TryGetValue(transport.Peer, out var found) && ReferenceEquals(found, transport);

    private MemoryConnection? FindLocked(MemoryTransport self, PeerId peer, int lane, bool anyLane)
    {
        foreach (var connection in _connections)
            if ((anyLane || connection.Lane == lane) && IsBetween(connection, self.Peer, peer))
                return connection;
        return null;
    }

    private string FreeName()
    {
        string name;
        do
            name = $"auto-{++_lastName}";
        while (_listeners.ContainsKey(name));
        return name;
    }

    private static bool IsBetween(MemoryConnection connection, PeerId one, PeerId other) =>
        (connection.Dialer.Peer == one && connection.Listener.Peer == other) || (connection.Dialer.Peer == other && connection.Listener.Peer == one);
}
