using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// How streams go:
//
//   channel ends ──▶ Recover: fences on all others, what its queue held goes back to the flows, in order, and they wait for
//   the next stream; the ledger keeps it until the peer has said what arrived
internal sealed partial class PeerStreamPool
{
    // Connections in a row that may be lost as soon as a stream was opened, before that counts as a failure.
    private const int MaxInconclusiveEnds = 3;

    void IStreamChannelOwner.Ended(StreamChannel channel)
    {
        lock (_session.Gate)
            Recover(channel);
    }

    void IStreamChannelOwner.Accounted(StreamChannel channel, ulong stream, long? packets) => _ledger.Account(stream, packets, channel.PeerInstance);

    /// <summary>
    /// Takes a channel that has ended out of the pool, and gives what its queue held back to the flows before anything
    /// newer reaches them. Under the gate; safe twice.
    /// </summary>
    public void Recover(StreamChannel channel)
    {
        if (!_channels.Contains(channel) && !_draining.Contains(channel))
        {
            Discard(channel);
            return;
        }
        var isGraceful = channel.EndReason is "closed" or "goodbye" or "closed_by_peer" or "stopping";
        if (!isGraceful)
            Metrics.StreamError(channel.EndReason!);
        var isEarly = Reject(channel);
        Remove(channel);
        Disown(channel);
        // The newest first: each goes before all that its flow holds.
        var queued = TakeQueued(channel);
        for (var i = queued.Count - 1; i >= 0; i--)
        {
            var drop = _stopped ? PacketDropReason.Stopping : _session.Workers.Recover(queued[i]);
            if (drop != PacketDropReason.None)
                queued[i].Drop(drop, Metrics);
        }
        if (_channels.Count > 0)
            ResumeWaiting();
        // What the peer closed in good order it does not want back. What ended early, its attempt opens again.
        if (!isGraceful && !isEarly)
            OpenMore(Math.Max(1, _settings.MinStreams));
    }

    /// <summary>
    /// The session ends, and another one with the same peer may begin at once: from here on its streams carry fences for the
    /// streams of this one.
    /// </summary>
    public void Retire()
    {
        lock (_session.Gate)
        {
            _stopped = true;
            foreach (var channel in _channels.Concat(_draining))
                Enter(channel);
        }
    }

    /// <summary>Says goodbye on every stream and waits until they are closed; what takes too long is cut off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] attempts;
        StreamChannel[] channels;
        lock (_session.Gate)
        {
            _stopped = true;
            foreach (var attempt in _attempts)
                _ = attempt.CancelAsync();
            _pause?.Dispose();
            _moveTimer?.Dispose();
            attempts = [.. _attemptTasks];
            channels = [.. _channels, .. _draining, .. _closing];
        }
        foreach (var channel in channels)
            channel.Complete();
        var closed = Task.WhenAll(channels.Select(channel => channel.Completion));
        try
        {
            await closed.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var channel in channels)
                channel.End("stopping");
        }
        await Task.WhenAll([closed, .. attempts]);
        _session.Workers.Clear();
        _settings.Ledgers.Leave(_session.Peer);
    }

    // Whether it ended before it had proven to live: then its attempt has failed, and is opening again. Under the gate.
    private bool Reject(StreamChannel channel)
    {
        if (channel.Attempt is not { } attempt || _stopped)
            return false;
        channel.Attempt = null;
        attempt.Channel = null;
        LastError = ($"A stream ended as soon as it was opened: {channel.EndText ?? channel.EndReason}.", Time.GetUtcNow());
        if (channel.EndReason == StreamEndNames.Of(StreamEnd.ConnectionLost) && (_pause is not null || _inconclusiveEnds++ < MaxInconclusiveEnds))
        {
            // It says nothing of the peer's will: the next dial tells. All that end with one connection count as one.
            attempt.IsInconclusive = true;
            Pause();
            return false;
        }
        _opening++;
        _lastFailureWasEarlyEnd = true;
        _endedEarly = true;
        return true;
    }

    // What it still has under way must not be overtaken: from here on every other stream says first that it has ended.
    private void Remove(StreamChannel channel)
    {
        if (!_channels.Remove(channel) && !_draining.Remove(channel))
            return;
        _lastChange = Time.GetTimestamp();
        Metrics.StreamClosed(_session.Peer);
        if (Enter(channel) is { } ended)
            foreach (var other in (StreamChannel[])[.. _channels, .. _draining])
                other.Fence(ended);
        _closing.Add(channel);
        _ = ForgetWhenClosedAsync(channel);
    }

    // Hands it to the ledger, unless nothing of it can be under way. Under the gate.
    private EndedStream? Enter(StreamChannel channel)
    {
        if (channel.IsLegacy || channel.IsDelivered || channel.IsInLedger)
            return null;
        channel.IsInLedger = true;
        var ended = channel.ToEnded();
        _ledger.Add(ended);
        return ended;
    }

    private static List<QueuedPacket> TakeQueued(StreamChannel channel)
    {
        var packets = new List<QueuedPacket>();
        var one = new QueuedPacket[1];
        while (channel.TakeQueued(one) == 1)
        {
            if (one[0].IsControl)
                one[0].Packet.Release();
            else
                packets.Add(one[0]);
        }
        return packets;
    }

    // It was let go already, with nothing in its queue but control frames.
    private void Discard(StreamChannel channel)
    {
        foreach (var packet in TakeQueued(channel))
            packet.Drop(PacketDropReason.StreamFailed, Metrics);
    }

    private async Task ForgetWhenClosedAsync(StreamChannel channel)
    {
        // It may not have been started yet; its tasks do not fail.
        await Task.Yield();
        await channel.Completion;
        lock (_session.Gate)
            _closing.Remove(channel);
    }

    // Takes the flows of a channel that has ended off it. Under the gate.
    private void Disown(StreamChannel channel)
    {
        _session.Workers.Release(channel);
        _moving.RemoveAll(worker =>
        {
            if (worker.MovingFrom != channel)
                return false;
            worker.MovingFrom = null;
            if (worker.HeldCount > 0)
                AwaitStream(worker);
            return true;
        });
        channel.LeavingFlows = 0;
    }
}
