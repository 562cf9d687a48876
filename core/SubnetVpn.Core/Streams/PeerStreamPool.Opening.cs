using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// How streams come and go:
//
//   AwaitStream, Assign, Warm ──OpenMore──▶ opener (resilience, transport) ──▶ Add: the flows that wait get it, in order
//   channel ends ──▶ OnEnded: what its queue held goes back to the flows, in order, and they wait for the next stream
internal sealed partial class PeerStreamPool
{
    // After a failure nothing is dialled for this long, whatever the resilience policy. Packets that come meanwhile are held.
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private CancellationTokenSource? _attempt;
    private ITimer? _pause;

    /// <summary>There is reason to believe that the peer can be reached now: forget failures, and do not wait for a retry.</summary>
    public void Hurry()
    {
        lock (session.Gate)
        {
            _pause?.Dispose();
            _pause = null;
            opener.Forgive(session.Peer);
            CancelAttempt();
            OpenMore(Math.Max(1, settings.MinStreams));
        }
    }

    // Under the gate, which the continuations of a cancellation must not find open on this very thread.
    private void CancelAttempt() => _ = _attempt?.CancelAsync();

    // Under the gate.
    private void OpenMore(int wanted)
    {
        if (_stopped || _opening > 0 || _pause is not null || _channels.Count >= Math.Min(wanted, settings.MaxStreams))
            return;
        _opening++;
        // Lanes spread the streams over connections; a stream that replaces another takes its lane.
        var lane = 0;
        while (_channels.Exists(channel => channel.Id % settings.MaxStreams == lane))
            lane++;
        _closing.RemoveWhere(static task => task.IsCompleted);
        _closing.Add(Task.Run(() => OpenAsync(lane, wanted)));
    }

    private void EndPause()
    {
        lock (session.Gate)
        {
            _pause?.Dispose();
            _pause = null;
            if (_waiting.Count > 0)
                OpenMore(Math.Max(1, settings.MinStreams));
        }
    }

    private async Task OpenAsync(int lane, int wanted)
    {
        OpenedStream opened;
        do
        {
            using var attempt = new CancellationTokenSource();
            lock (session.Gate)
                _attempt = _stopped ? null : attempt;
            opened = await opener.OpenAsync(session.Endpoint, lane, attempt.Token);
            lock (session.Gate)
                _attempt = null;
        }
        while (opened.IsCancelled && !_stopped);

        lock (session.Gate)
        {
            _opening--;
            if (opened.Stream is { } stream)
            {
                LastError = null;
                Add(stream, lane);
                OpenMore(wanted);
            }
            else if (!_stopped)
            {
                LastError = (opened.Error, settings.Channels.Time.GetUtcNow());
                _pause = settings.Channels.Time.CreateTimer(_ => EndPause(), null, s_pauseAfterFailure, Timeout.InfiniteTimeSpan);
                // Nobody can take them, and holding them longer would only deliver them late.
                if (_channels.Count == 0)
                    DropWaiting(opened.DropReason);
            }
        }
    }

    private void DropWaiting(PacketDropReason reason)
    {
        foreach (var worker in _waiting)
        {
            worker.IsWaiting = false;
            while (worker.TryTake(out var packet))
                packet.Drop(reason, settings.Channels.Metrics);
        }
        _waiting.Clear();
    }

    private void Add(IVpnStream stream, int lane)
    {
        _nextId++;
        var id = (_nextId * settings.MaxStreams) + lane;
        var channel = new StreamChannel(id, stream, opener.IsLegacy(stream.Info.Protocol), settings.Channels)
        {
            LastUsed = settings.Channels.Time.GetTimestamp(),
        };
        _lastChange = channel.LastUsed;
        settings.Channels.Metrics.StreamCreated(session.Peer);
        _channels.Add(channel);
        channel.Start(OnEnded);
        if (_stopped)
            channel.Complete();
        ResumeWaiting();
    }

    // Moves what a flow holds to the queue of a stream, in order.
    private void Resume(FlowWorker worker)
    {
        session.Workers.DropStale(worker);
        if (worker.HeldCount > 0 && worker.Channel is null)
            Assign(worker);
        while (worker.TryTake(out var packet))
        {
            var reason = worker.Channel!.TryEnqueue(packet);
            if (reason != PacketDropReason.None)
                packet.Drop(reason, settings.Channels.Metrics);
        }
    }

    private void OnEnded(StreamChannel channel, string reason)
    {
        lock (session.Gate)
            Recover(channel, reason);
    }

    /// <summary>
    /// Takes a channel that has ended out of the pool, and gives what its queue held back to the flows before anything
    /// newer reaches them. Under the gate; safe twice.
    /// </summary>
    public void Recover(StreamChannel channel, string reason)
    {
        if (!_channels.Contains(channel))
            return;
        if (reason is not ("closed" or "goodbye" or "closed_by_peer" or "stopping"))
            settings.Channels.Metrics.StreamError(reason);
        Remove(channel);
        session.Workers.Release(channel);
        Span<QueuedPacket> one = new QueuedPacket[1];
        while (channel.TakeQueued(one) == 1)
        {
            var packet = one[0];
            var drop = _stopped ? PacketDropReason.Stopping : session.Workers.Hold(packet.Worker, packet);
            if (drop != PacketDropReason.None)
                packet.Drop(drop, settings.Channels.Metrics);
        }
        if (_channels.Count > 0)
            ResumeWaiting();
    }

    private void ResumeWaiting()
    {
        foreach (var worker in _waiting)
        {
            worker.IsWaiting = false;
            Resume(worker);
        }
        _waiting.Clear();
    }
}
