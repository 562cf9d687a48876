using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// The streams of one peer, and the map from its flows to them. Every member that takes a worker runs under the gate of
/// the session; opening a stream runs outside, one at a time.
/// </summary>
internal sealed partial class PeerStreamPool(PeerSession session, PeerStreamOpener opener, StreamPoolSettings settings)
{
    private readonly List<StreamChannel> _channels = [];
    private readonly List<FlowWorker> _waiting = [];
    // Let go or ended, and not closed yet; and attempts to open one.
    private readonly HashSet<StreamChannel> _closing = [];
    private readonly HashSet<Task> _attempts = [];
    private StreamLoad[] _loads = [];
    private int _nextId;
    private int _opening;
    private long _lastChange;
    private bool _stopped;

    /// <summary>Whether it takes no more packets. Under the gate.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Why the last attempt to open a stream failed, and when; null after a success.</summary>
    public (string Error, DateTimeOffset At)? LastError { get; private set; }

    /// <summary>Assigns a flow to a stream if there is one, and asks for more streams when the scheduler wants them.</summary>
    public void Assign(FlowWorker worker)
    {
        if (_channels.Count == 0)
            return;
        var loads = GetLoads();
        var channel = _channels[_channels.Count == 1 ? 0 : Pick(worker.Key, loads)];
        channel.Flows++;
        worker.Channel = channel;
        worker.LastNumber = 0;
        if (Scale(loads).Action == StreamScalingAction.Grow)
            OpenMore(_channels.Count + _opening + 1);
    }

    /// <summary>The flow is gone.</summary>
    public void Unassign(FlowWorker worker)
    {
        if (worker.Channel is { } channel)
            channel.Flows--;
        worker.Channel = null;
        if (worker.IsWaiting)
            _waiting.Remove(worker);
        worker.IsWaiting = false;
    }

    /// <summary>The worker holds packets: give it a stream as soon as there is one.</summary>
    public void AwaitStream(FlowWorker worker)
    {
        if (!worker.IsWaiting)
            _waiting.Add(worker);
        worker.IsWaiting = true;
        OpenMore(Math.Max(1, settings.MinStreams));
    }

    /// <summary>Opens streams ahead of need, up to the minimum.</summary>
    public void Warm()
    {
        lock (session.Gate)
            OpenMore(Math.Max(1, settings.MinStreams));
    }

    /// <summary>Closes what the scheduler lets go. Called at every cleanup interval.</summary>
    public void CloseIdle()
    {
        lock (session.Gate)
        {
            while (Scale(GetLoads()) is { Action: StreamScalingAction.Shrink } shrink)
            {
                var channel = _channels.Find(candidate => candidate.Id == shrink.StreamId);
                // Only a stream without flows can go without reordering anything.
                if (channel is null || channel.Flows > 0 || !channel.IsSettled)
                    return;
                Remove(channel);
                channel.Complete();
            }
        }
    }

    public List<Diagnostics.StreamSnapshot> GetSnapshot()
    {
        lock (session.Gate)
            return _channels.ConvertAll(channel => new Diagnostics.StreamSnapshot(
                channel.Id, channel.Info.Name, channel.Info.Protocol, channel.Flows, channel.QueuedPackets, channel.PacketsSent, channel.BytesSent)
            {
                Lane = channel.Id % settings.MaxStreams,
                RemoteAddress = channel.Info.RemoteAddress,
                QueueCapacity = channel.QueueCapacity,
                Age = settings.Channels.Time.GetElapsedTime(channel.OpenedAt),
                Idle = settings.Channels.Time.GetElapsedTime(channel.LastUsed),
            });
    }

    public string? PeerAgent
    {
        get
        {
            lock (session.Gate)
                return _channels.Find(channel => channel.PeerAgent is not null)?.PeerAgent;
        }
    }

    /// <summary>Says goodbye on every stream and waits until they are closed; what takes too long is cut off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] attempts;
        StreamChannel[] channels;
        lock (session.Gate)
        {
            _stopped = true;
            CancelAttempt();
            _pause?.Dispose();
            attempts = [.. _attempts];
            channels = [.. _channels, .. _closing];
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
        session.Workers.DropHeld(PacketDropReason.Stopping);
    }

    // A scheduler may be a third party's: its mistake, or its exception, must not cost the flow, nor the node.
    private int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> loads)
    {
        try
        {
            var index = settings.Scheduler.Pick(key, loads);
            return (uint)index < (uint)loads.Length ? index : 0;
        }
        catch (Exception exception)
        {
            Log.SchedulerFailed(settings.Channels.Logger, exception, session.Peer);
            return 0;
        }
    }

    private StreamScaling Scale(ReadOnlySpan<StreamLoad> loads)
    {
        try
        {
            return settings.Scheduler.Scale(GetPoolLoad(), loads);
        }
        catch (Exception exception)
        {
            Log.SchedulerFailed(settings.Channels.Logger, exception, session.Peer);
            return StreamScaling.Stay;
        }
    }

    private ReadOnlySpan<StreamLoad> GetLoads()
    {
        if (_loads.Length < _channels.Count)
            _loads = new StreamLoad[Math.Max(_channels.Count, settings.MaxStreams)];
        var time = settings.Channels.Time;
        var now = time.GetTimestamp();
        for (var i = 0; i < _channels.Count; i++)
        {
            var channel = _channels[i];
            _loads[i] = new StreamLoad(channel.Id, channel.Flows, channel.QueuedPackets, channel.QueueCapacity, time.GetElapsedTime(channel.LastUsed, now));
        }
        return _loads.AsSpan(0, _channels.Count);
    }

    private StreamPoolLoad GetPoolLoad() => new(
        settings.MinStreams, settings.MaxStreams, settings.IdleTimeout, _opening, settings.Channels.Time.GetElapsedTime(_lastChange));

    private void Remove(StreamChannel channel)
    {
        if (!_channels.Remove(channel))
            return;
        _lastChange = settings.Channels.Time.GetTimestamp();
        settings.Channels.Metrics.StreamClosed(session.Peer);
        _closing.Add(channel);
        _ = ForgetWhenClosedAsync(channel);
    }

    private async Task ForgetWhenClosedAsync(StreamChannel channel)
    {
        // It may not have been started yet; its tasks do not fail.
        await Task.Yield();
        await channel.Completion;
        lock (session.Gate)
            _closing.Remove(channel);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 110, Level = LogLevel.Error, Message = "The scheduler failed for {PeerId}; the first stream is taken")]
        public static partial void SchedulerFailed(ILogger logger, Exception exception, PeerId peerId);
    }
}
