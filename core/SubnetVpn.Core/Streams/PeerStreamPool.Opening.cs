using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Membership;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// How streams come:
//
//   AwaitStream, Assign, Warm ──OpenMore──▶ opener (resilience, transport) ──TakeAsync──▶ Add: fences for the streams that
//   ended before it, then the flows that wait get it, in order ──lives for a second──▶ the attempt has succeeded
//                                                              ──ends before──▶ it has failed, and the policy decides
internal sealed partial class PeerStreamPool
{
    // After a failure nothing is dialled for this long, whatever the resilience policy. Packets that come meanwhile are held.
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    // A peer that comes and goes cannot make us dial more often than this.
    private static readonly TimeSpan s_minHurryInterval = TimeSpan.FromSeconds(5);

    // A stream that ends sooner than this after it was opened counts as one that could not be opened.
    private static readonly TimeSpan s_minLifetime = TimeSpan.FromSeconds(1);

    private readonly HashSet<OpenAttempt> _attempts = [];
    private readonly HashSet<Task> _attemptTasks = [];
    private int _opening;
    private bool _lastFailureWasEarlyEnd;
    // Since the last stream that lived: then streams are tried one at a time, by one attempt, so that the breaker sees each
    // before the next.
    private bool _endedEarly;
    private OpenAttempt? _trying;
    private int _inconclusiveEnds;
    private ITimer? _pause;
    private bool _warmAfterPause;
    private long? _hurriedAt;

    /// <summary>Opens streams ahead of need, up to the minimum.</summary>
    /// <param name="onlyInUse">Whether to do so only when the peer has flows or streams; else also when the attempt that is going on fails.</param>
    public void Warm(bool onlyInUse = false)
    {
        lock (_session.Gate)
        {
            // It may have begun with less than is known of the peer now.
            _warmAfterPause |= !onlyInUse && (_opening > 0 || _pause is not null);
            if (!onlyInUse || _channels.Count > 0 || _session.Workers.HasAny)
                OpenMore(Math.Max(1, _settings.MinStreams), isWarming: true);
        }
    }

    /// <summary>The peer is connected: there is reason to believe that it can be reached, so failures to reach it are forgotten, and no retry is waited for.</summary>
    public void Hurry()
    {
        lock (_session.Gate)
        {
            // It is most likely our own connection that we hear of: while we dial, or of late.
            if (_attempts.Any(static attempt => attempt.IsDialling || attempt.Channel is not null) || (_hurriedAt is { } last && Time.GetElapsedTime(last) < s_minHurryInterval))
                return;
            _hurriedAt = Time.GetTimestamp();
            // That it is there says nothing when it ends our streams.
            if (_lastFailureWasEarlyEnd)
                return;
        }
        // Not under the gate: who watches the breakers hears of it here.
        _opener.Forgive(_session.Peer);
        lock (_session.Gate)
        {
            _pause?.Dispose();
            _pause = null;
            CancelAttempts();
            OpenMore(Math.Max(1, _settings.MinStreams));
        }
    }

    // Under the gate, which the continuations of a cancellation must not find open on this very thread. Those whose stream
    // lives are done, but for the proof.
    private void CancelAttempts()
    {
        foreach (var attempt in _attempts)
            if (attempt.Channel is null)
                _ = attempt.CancelAsync();
    }

    // Under the gate.
    private void OpenMore(int wanted, bool isWarming = false)
    {
        if (_stopped || _opening > 0 || _pause is not null || (_endedEarly && _attempts.Count > 0) || _channels.Count >= Math.Min(wanted, Math.Max(1, _settings.MaxStreams - _draining.Count)))
            return;
        _opening++;
        // Lanes spread the streams over connections; a stream that replaces another takes its lane.
        var lane = 0;
        while (_channels.Exists(channel => channel.Lane == lane))
            lane++;
        _attemptTasks.RemoveWhere(static task => task.IsCompleted);
        _attemptTasks.Add(Task.Run(() => OpenAsync(lane, wanted, isWarming)));
    }

    // Under the gate.
    private void Pause() => _pause ??= Time.CreateTimer(_ => EndPause(), null, s_pauseAfterFailure, Timeout.InfiniteTimeSpan);

    private void EndPause()
    {
        lock (_session.Gate)
        {
            _pause?.Dispose();
            _pause = null;
            if (_waiting.Count > 0 || _channels.Count > 0 || _warmAfterPause)
                OpenMore(Math.Max(1, _settings.MinStreams));
            _warmAfterPause = false;
        }
    }

    private async Task OpenAsync(int lane, int wanted, bool isWarming)
    {
        while (true)
        {
            using var attempt = new OpenAttempt(lane, wanted, isWarming);
            lock (_session.Gate)
            {
                if (_stopped)
                {
                    _opening--;
                    return;
                }
                _attempts.Add(attempt);
            }
            var opened = await _opener.OpenAsync(attempt, this);
            lock (_session.Gate)
            {
                _attempts.Remove(attempt);
                if (isWarming && !opened.IsCancelled)
                    Metrics.StreamWarmed(opened.IsOpened);
                if (attempt.IsInconclusive)
                    return;
                if (attempt.Channel is { } channel)
                    channel.Attempt = null;
                if (opened.IsOpened || attempt.Channel is not null)
                {
                    _lastFailureWasEarlyEnd = false;
                    _endedEarly = false;
                    _trying = null;
                    _inconclusiveEnds = 0;
                    _warmAfterPause = false;
                    OpenMore(attempt.Wanted);
                    return;
                }
                if (_stopped || attempt.IsSuperfluous || !opened.IsCancelled)
                {
                    _opening--;
                    if (!_stopped && !attempt.IsSuperfluous)
                        Fail(opened);
                    else if (_waiting.Count > 0)
                        OpenMore(Math.Max(1, _settings.MinStreams));
                    return;
                }
            }
        }
    }

    // Under the gate.
    private void Fail(OpenedStream opened)
    {
        LastError = (opened.Error, Time.GetUtcNow());
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
            while (_session.Workers.TryTake(worker, out var packet))
                packet.Drop(reason, Metrics);
        }
        _waiting.Clear();
    }

    PeerEndpoint IStreamTaker.Endpoint => _session.Endpoint;

    bool IStreamTaker.WantsStream(OpenAttempt attempt)
    {
        lock (_session.Gate)
        {
            attempt.IsSuperfluous = _stopped || _channels.Count >= Math.Min(attempt.Wanted, _settings.MaxStreams) || (_endedEarly && IsAnotherTrying(attempt));
            if (_endedEarly && !attempt.IsSuperfluous)
                _trying = attempt;
            return attempt.IsTrying = !attempt.IsSuperfluous;
        }
    }

    void IStreamTaker.Unreached()
    {
        lock (_session.Gate)
            _lastFailureWasEarlyEnd = false;
    }

    // One that pauses will try again: what it tried last, the breaker may not have counted yet.
    private bool IsAnotherTrying(OpenAttempt attempt) =>
        _attempts.Any(other => other != attempt && (other.IsTrying || other == _trying));

    async ValueTask<string?> IStreamTaker.TakeAsync(OpenAttempt attempt, IVpnStream stream, Greeting? greeting)
    {
        StreamChannel? channel = null;
        lock (_session.Gate)
        {
            if (!_stopped)
            {
                _opening--;
                LastError = null;
                channel = new StreamChannel(_nextId++, attempt.Lane, stream, _opener.IsLegacy(stream.Info.Protocol), greeting, _settings.Channels) { Attempt = attempt };
                attempt.Channel = channel;
                attempt.IsDialling = false;
                Add(channel);
                OpenMore(attempt.Wanted);
            }
        }
        if (channel is null)
        {
            await stream.DisposeAsync();
            return "The network is stopping.";
        }
        using var lived = new CancellationTokenSource();
        var proof = Task.Delay(s_minLifetime, Time, lived.Token);
        await Task.WhenAny(proof, channel.Ended);
        await lived.CancelAsync();
        lock (_session.Gate)
        {
            // When the channel ended too soon, it was taken from its attempt.
            attempt.IsRefused = channel.IsRefused;
            if (channel.Attempt is null && !attempt.IsInconclusive)
                return $"The peer ended the stream as soon as it was opened: {channel.EndText ?? channel.EndReason}.";
            channel.Attempt = null;
            return null;
        }
    }

    // Under the gate.
    private void Add(StreamChannel channel)
    {
        _lastChange = channel.OpenedAt;
        Metrics.StreamCreated(_session.Peer);
        foreach (var ended in _ledger.Unaccounted)
            channel.Fence(ended);
        _channels.Add(channel);
        channel.Start(this);
        ResumeWaiting();
        Spread();
    }

    // Moves what a flow holds to the queue of a stream, in order. Returns whether it holds nothing any more.
    private bool Resume(FlowWorker worker)
    {
        _session.Workers.DropStale(worker);
        var now = Time.GetTimestamp();
        while (worker.TryPeek(out var packet))
        {
            if (worker.Channel is null)
                Assign(worker);
            if (worker.Channel is not { } channel)
                return false;
            var reason = channel.TryEnqueue(packet, worker, now);
            // It has ended, and its end waits for the gate: then it is taken out, and this goes on.
            if (reason == PacketDropReason.StreamFailed)
                return false;
            _session.Workers.TryTake(worker, out _);
            if (reason != PacketDropReason.None)
                packet.Drop(reason, Metrics);
        }
        return true;
    }

    private void ResumeWaiting() => _waiting.RemoveAll(worker =>
    {
        worker.IsWaiting = !Resume(worker);
        return !worker.IsWaiting;
    });
}
