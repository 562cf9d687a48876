namespace SubnetVpn.Core.Addresses;

/// <summary>Which peers were dealt with lately, and for which address; the oldest is forgotten when there are too many. Not thread-safe.</summary>
internal sealed class RecentRivals(int capacity)
{
    private readonly Dictionary<(VirtualIp Address, PeerId Peer), DateTimeOffset> _added = [];
    private readonly Queue<(VirtualIp Address, PeerId Peer)> _inOrder = [];

    /// <summary>Adds a peer; false when it was added less than so long ago.</summary>
    /// <param name="address">The address.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">How long it is remembered; infinite while there is room.</param>
    public bool TryAdd(VirtualIp address, PeerId peer, DateTimeOffset now, TimeSpan lifetime)
    {
        if (_added.TryGetValue((address, peer), out var before))
        {
            if (lifetime == Timeout.InfiniteTimeSpan || now - before < lifetime)
                return false;
            _added[(address, peer)] = now;
            return true;
        }
        if (_inOrder.Count >= capacity)
            _added.Remove(_inOrder.Dequeue());
        _added.Add((address, peer), now);
        _inOrder.Enqueue((address, peer));
        return true;
    }
}
