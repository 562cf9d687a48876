using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// How streams go:
//
//   channel ends ──▶ Recover: fences on all others, what its queue held goes back to the flows, in order, and they wait for
//   the next stream; the ledger keeps it until the peer has said what arrived
internal sealed partial class PeerStreamPool
{
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
            return;
        var isGraceful = channel.EndReason is "closed" or "goodbye" or "closed_by_peer" or "stopping";
        if (!isGraceful)
            Metrics.StreamError(channel.EndReason!);
        var isEarly = Reject(channel);
        Remove(channel);
        Disown(channel);
        var one = new QueuedPacket[1];
        while (channel.TakeQueued(one) == 1)
        {
            var packet = one[0];
            if (packet.IsControl)
            {
                packet.Packet.Release();
                continue;
            }
            var drop = _stopped ? PacketDropReason.Stopping : _session.Workers.Recover(packet);
            if (drop != PacketDropReason.None)
                packet.Drop(drop, Metrics);
        }
        if (_channels.Count > 0)
            ResumeWaiting();
        // What the peer closed in good order it does not want back. What ended early, its attempt opens again.
        if (!isGraceful && !isEarly)
            OpenMore(Math.Max(1, _settings.MinStreams));
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
        _session.Workers.DropHeld(PacketDropReason.Stopping);
    }

    // Whether it ended before it had proven to live: then its attempt has failed, and is opening again. Under the gate.
    private bool Reject(StreamChannel channel)
    {
        if (channel.Attempt is not { } attempt || _stopped)
            return false;
        channel.Attempt = null;
        attempt.Channel = null;
        if (channel.EndReason == StreamEndNames.Of(StreamEnd.ConnectionLost))
        {
            // It says nothing of the peer's will: the next dial tells.
            attempt.IsInconclusive = true;
            Pause();
            return false;
        }
        _opening++;
        _lastFailureWasEarlyEnd = true;
        return true;
    }

    // What it still has under way must not be overtaken: from here on every other stream says first that it has ended.
    private void Remove(StreamChannel channel)
    {
        if (!_channels.Remove(channel) && !_draining.Remove(channel))
            return;
        _lastChange = Time.GetTimestamp();
        Metrics.StreamClosed(_session.Peer);
        if (!channel.IsLegacy && !channel.IsDelivered)
        {
            _ledger.Add(channel);
            foreach (var other in (StreamChannel[])[.. _channels, .. _draining])
                other.Fence(channel);
        }
        _closing.Add(channel);
        _ = ForgetWhenClosedAsync(channel);
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
