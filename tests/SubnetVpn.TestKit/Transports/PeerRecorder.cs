using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

/// <summary>Remembers which peers came and went. Thread-safe.</summary>
public sealed class PeerRecorder : IPeerObserver
{
    private readonly Lock _gate = new();
    private readonly List<(PeerId Peer, bool IsConnected, string? Reason)> _events = [];

    /// <summary>What happened so far.</summary>
    public IReadOnlyList<(PeerId Peer, bool IsConnected, string? Reason)> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    /// <inheritdoc/>
    public void PeerConnected(PeerId peer)
    {
        lock (_gate)
            _events.Add((peer, true, null));
    }

    /// <inheritdoc/>
    public void PeerDisconnected(PeerId peer, string reason)
    {
        lock (_gate)
            _events.Add((peer, false, reason));
    }
}
