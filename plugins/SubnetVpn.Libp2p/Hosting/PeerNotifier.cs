using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>
/// Tells observers who is there. Works on states, not on a queue of events: what waits is at most one entry a peer,
/// however fast connections come and go and however slow an observer is.
/// </summary>
internal sealed class PeerNotifier(Action<Exception> observerFailed)
{
    private readonly Lock _gate = new();
    private readonly Queue<PeerId> _order = [];
    private readonly Dictionary<PeerId, State> _states = [];
    private IPeerObserver[] _observers = [];
    private bool _running;

    public IDisposable Add(IPeerObserver observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers, observer];
        }

        return new Subscription(this, observer);
    }

    /// <summary>The state of a peer changed. Never calls an observer itself.</summary>
    public void Changed(PeerId peer, bool connected, ConnectionEnd reason)
    {
        lock (_gate)
        {
            if (!_states.TryGetValue(peer, out State? state))
            {
                _states.Add(peer, state = new State());
            }

            state.Connected = connected;
            state.Reason = reason;
            if (!state.Queued)
            {
                state.Queued = true;
                _order.Enqueue(peer);
            }

            if (_running)
            {
                return;
            }

            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static notifier => notifier.Run(), this, preferLocal: false);
    }

    private void Run()
    {
        while (TryNext(out PeerId peer, out bool connected, out ConnectionEnd reason, out IPeerObserver[] observers))
        {
            foreach (IPeerObserver observer in observers)
            {
                try
                {
                    if (connected)
                    {
                        observer.PeerConnected(peer);
                    }
                    else
                    {
                        observer.PeerDisconnected(peer, reason);
                    }
                }
                catch (Exception exception)
                {
                    observerFailed(exception);
                }
            }
        }
    }

    private bool TryNext(out PeerId peer, out bool connected, out ConnectionEnd reason, out IPeerObserver[] observers)
    {
        lock (_gate)
        {
            observers = _observers;
            while (_order.TryDequeue(out peer))
            {
                State state = _states[peer];
                state.Queued = false;
                connected = state.Connected;
                reason = state.Reason;
                bool changed = state.Told != connected;
                state.Told = connected;
                if (!connected)
                {
                    _states.Remove(peer);
                }

                if (changed)
                {
                    return true;
                }
            }

            _running = false;
            (connected, reason) = (false, ConnectionEnd.None);
            return false;
        }
    }

    private void Remove(IPeerObserver observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers.Where(other => other != observer)];
        }
    }

    private sealed class State
    {
        public bool Connected;
        public bool Told;
        public bool Queued;
        public ConnectionEnd Reason;
    }

    private sealed class Subscription(PeerNotifier notifier, IPeerObserver observer) : IDisposable
    {
        public void Dispose() => notifier.Remove(observer);
    }
}
