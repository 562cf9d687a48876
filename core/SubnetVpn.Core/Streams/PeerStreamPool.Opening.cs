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

    // A peer that comes and goes cannot make us dial more often than this.
    private static readonly TimeSpan s_minHurryInterval = TimeSpan.FromSeconds(5);

    // A stream that fails sooner than this after it was opened counts as one that could not be opened.
    private static readonly TimeSpan s_minLifetime = TimeSpan.FromSeconds(1);

    private OpenAttempt? _attempt;
    private ITimer? _pause;
    private long? _hurriedAt;

    /// <summary>The peer is connected: there is reason to believe that it can be reached, so failures are forgotten, and no retry is waited for.</summary>
    public void Hurry()
    {
        lock (session.Gate)
        {
            var time = settings.Channels.Time;
            // While we dial, it is most likely our own connection that we hear of.
            if (_attempt is { IsDialling: true } || (_hurriedAt is { } last && time.GetElapsedTime(last) < s_minHurryInterval))
                return;
            _hurriedAt = time.GetTimestamp();
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
        _attempts.RemoveWhere(static task => task.IsCompleted);
        _attempts.Add(Task.Run(() => OpenAsync(lane, wanted)));
    }

    // Under the gate.
    private void Pause() =>
        _pause ??= settings.Channels.Time.CreateTimer(_ => EndPause(), null, s_pauseAfterFailure, Timeout.InfiniteTimeSpan);

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
            using var attempt = new OpenAttempt();
            lock (session.Gate)
            {
                if (_stopped)
                {
                    _opening--;
                    return;
                }
                _attempt = attempt;
            }
            opened = await opener.OpenAsync(session.Endpoint, lane, attempt);
            lock (session.Gate)
                _attempt = null;
        }
        while (opened.IsCancelled);

        lock (session.Gate)
        {
            _opening--;
            if (!_stopped)
            {
                Settle(opened, lane, wanted);
                return;
            }
        }
        if (opened.Stream is { } late)
            await late.DisposeAsync();
    }

    private void Settle(OpenedStream opened, int lane, int wanted)
    {
        if (opened.Stream is { } stream)
        {
            LastError = null;
            Add(stream, lane);
            OpenMore(wanted);
            return;
        }
        LastError = (opened.Error, settings.Channels.Time.GetUtcNow());
        Pause();
        // Nobody can take them, and holding them longer would only deliver them late.
        if (_channels.Count == 0)
            DropWaiting(opened.DropReason);
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
        channel.OpenedAt = _lastChange = channel.LastUsed;
        settings.Channels.Metrics.StreamCreated(session.Peer);
        _channels.Add(channel);
        channel.Start(OnEnded);
        ResumeWaiting();
    }

    // Moves what a flow holds to the queue of a stream, in order. Returns whether it holds nothing any more.
    private bool Resume(FlowWorker worker)
    {
        session.Workers.DropStale(worker);
        while (worker.TryPeek(out var packet))
        {
            if (worker.Channel is null)
                Assign(worker);
            if (worker.Channel is not { } channel)
                return false;
            var reason = channel.TryEnqueue(packet);
            // It has ended, and its end waits for the gate: then it is taken out, and this goes on.
            if (reason == PacketDropReason.StreamFailed)
                return false;
            worker.TryTake(out _);
            if (reason != PacketDropReason.None)
                packet.Drop(reason, settings.Channels.Metrics);
        }
        return true;
    }

    private void OnEnded(StreamChannel channel)
    {
        lock (session.Gate)
            Recover(channel);
    }

    /// <summary>
    /// Takes a channel that has ended out of the pool, and gives what its queue held back to the flows before anything
    /// newer reaches them. Under the gate; safe twice.
    /// </summary>
    public void Recover(StreamChannel channel)
    {
        if (!_channels.Contains(channel))
            return;
        var isFailure = channel.EndReason is not ("closed" or "goodbye" or "closed_by_peer" or "stopping");
        if (isFailure)
            settings.Channels.Metrics.StreamError(channel.EndReason!);
        Remove(channel);
        if (isFailure && settings.Channels.Time.GetElapsedTime(channel.OpenedAt) < s_minLifetime)
            Pause();
        session.Workers.Release(channel);
        Span<QueuedPacket> one = new QueuedPacket[1];
        while (channel.TakeQueued(one) == 1)
        {
            var packet = one[0];
            var drop = _stopped ? PacketDropReason.Stopping : session.Workers.Recover(packet);
            if (drop != PacketDropReason.None)
                packet.Drop(drop, settings.Channels.Metrics);
        }
        if (_channels.Count > 0)
            ResumeWaiting();
    }

    private void ResumeWaiting() => _waiting.RemoveAll(worker =>
    {
        worker.IsWaiting = !Resume(worker);
        return !worker.IsWaiting;
    });
}
