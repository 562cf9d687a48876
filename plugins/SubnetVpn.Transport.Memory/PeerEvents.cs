using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory;

/// <summary>
/// Tells observers of peers that come and go, in the order in which it happened: events are queued under the network's
/// lock and raised after it, by one thread at a time.
/// </summary>
internal sealed partial class PeerEvents(ILogger logger)
{
    private readonly Lock _gate = new();

    // Holds what happened while another thread was raising; each thread that adds also raises, so it stays short.
    private readonly Queue<(PeerId Peer, string? LostBecause)> _queue = new();
    private ImmutableArray<IPeerObserver> _observers = [];
    private bool _isRaising;

    public void Connected(PeerId peer) => Add(peer, lostBecause: null);

    public void Disconnected(PeerId peer, string reason) => Add(peer, reason);

    public IDisposable Watch(IPeerObserver observer)
    {
        ImmutableInterlocked.Update(ref _observers, static (list, added) => list.Add(added), observer);
        return new Subscription(() => ImmutableInterlocked.Update(ref _observers, static (list, removed) => list.Remove(removed), observer));
    }

    public void Raise()
    {
        lock (_gate)
        {
            if (_isRaising)
                return;
            _isRaising = true;
        }
        while (TryTake(out var next))
            foreach (var observer in _observers)
                Tell(observer, next.Peer, next.LostBecause);
    }

    private void Add(PeerId peer, string? lostBecause)
    {
        lock (_gate)
            _queue.Enqueue((peer, lostBecause));
    }

    private bool TryTake(out (PeerId Peer, string? LostBecause) next)
    {
        lock (_gate)
        {
            _isRaising = _queue.TryDequeue(out next);
            return _isRaising;
        }
    }

    private void Tell(IPeerObserver observer, PeerId peer, string? lostBecause)
    {
        try
        {
            if (lostBecause is null)
                observer.PeerConnected(peer);
            else
                observer.PeerDisconnected(peer, lostBecause);
        }
        catch (Exception exception)
        {
            // An observer's bug must not break the transport.
            LogObserverFailed(logger, exception, peer);
        }
    }

    [LoggerMessage(10, LogLevel.Error, "An observer failed when the peer {PeerId} came or went.")]
    private static partial void LogObserverFailed(ILogger logger, Exception exception, PeerId peerId);
}
