using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// The streams of one peer, and the map from its flows to them. Every member that takes a worker runs under the gate of
/// the session; opening a stream runs outside, one at a time.
/// </summary>
/// <remarks>
/// How a flow keeps its order while streams come and go:
/// <list type="bullet">
/// <item>It stays on its stream as long as that lives.</item>
/// <item>It is moved to another (<c>Moving</c>) only once the peer has confirmed everything that it sent on the first.</item>
/// <item>When its stream ends (<c>Ending</c>), every other stream gets a fence before anything of the flow: the peer delivers
/// nothing more of the ended one.</item>
/// </list>
/// </remarks>
internal sealed partial class PeerStreamPool : IStreamChannelOwner, IStreamTaker
{
    private static readonly TimeSpan s_crowdedInterval = TimeSpan.FromMilliseconds(100);

    private readonly PeerSession _session;
    private readonly PeerStreamOpener _opener;
    private readonly StreamPoolSettings _settings;
    private readonly StreamLedger _ledger;
    private readonly List<StreamChannel> _channels = [];
    private readonly List<FlowWorker> _waiting = [];
    // Let go or ended, and not closed yet.
    private readonly HashSet<StreamChannel> _closing = [];
    private StreamLoad[] _loads = [];
    private int _nextId;
    private long _lastChange;
    private long _lastCrowded;
    private bool _stopped;

    public PeerStreamPool(PeerSession session, PeerStreamOpener opener, StreamPoolSettings settings)
    {
        (_session, _opener, _settings) = (session, opener, settings);
        _ledger = settings.Ledgers.Begin(session.Peer);
        _lastRated = Time.GetTimestamp();
    }

    /// <summary>Whether it takes no more packets. Under the gate.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Why the last attempt to open a stream failed, and when; null after a success.</summary>
    public (string Error, DateTimeOffset At)? LastError { get; private set; }

    private TimeProvider Time => _settings.Channels.Time;

    private Metrics.VpnMetrics Metrics => _settings.Channels.Metrics;

    /// <summary>Assigns a flow to a stream if there is one, and asks for more streams when the scheduler wants them.</summary>
    public void Assign(FlowWorker worker)
    {
        if (_channels.Count == 0)
            return;
        var loads = GetLoads();
        var channel = _channels[_channels.Count == 1 ? 0 : Pick(worker.Key, loads)];
        AssignTo(worker, channel);
        if (Scale(loads).Action == StreamScalingAction.Grow)
            OpenMore(_channels.Count + _opening + 1);
    }

    private static void AssignTo(FlowWorker worker, StreamChannel channel)
    {
        channel.Flows++;
        worker.Channel = channel;
        worker.LastNumber = 0;
    }

    /// <summary>The flow is gone.</summary>
    public static void Unassign(FlowWorker worker)
    {
        if (worker.Channel is { } channel)
            channel.Flows--;
        worker.Channel = null;
        // It holds nothing, so the next turn of those that wait takes it off the list.
        worker.IsWaiting = false;
    }

    /// <summary>The worker holds packets: give it a stream as soon as there is one.</summary>
    public void AwaitStream(FlowWorker worker)
    {
        if (!worker.IsWaiting)
            _waiting.Add(worker);
        worker.IsWaiting = true;
        OpenMore(Math.Max(1, _settings.MinStreams));
    }

    /// <summary>A packet was put in the queue of a stream: when that is crowded, the flow may leave it, and the scheduler may want another one.</summary>
    /// <param name="worker">The flow.</param>
    /// <param name="previous">The number of its last packet before this one.</param>
    /// <param name="channel">The stream.</param>
    /// <param name="now">The timestamp.</param>
    public void AfterEnqueue(FlowWorker worker, long previous, StreamChannel channel, long now)
    {
        if (channel.IsLongByOthers(previous))
            LeaveQueue(worker, channel, now);
        if (channel.QueueFilling * 100 <= _settings.Live.Current.Scheduling.BufferUtilThreshold || Time.GetElapsedTime(_lastCrowded, now) < s_crowdedInterval)
            return;
        _lastCrowded = now;
        if (Scale(GetLoads()).Action == StreamScalingAction.Grow)
            OpenMore(_channels.Count + _opening + 1);
    }

    /// <summary>The streams, for a listing.</summary>
    public List<Diagnostics.StreamSnapshot> GetSnapshot()
    {
        lock (_session.Gate)
        {
            var now = Time.GetTimestamp();
            return [.. _channels.Concat(_draining).Select(channel => new Diagnostics.StreamSnapshot(
                channel.Id, channel.Info.Name, channel.Info.Protocol, channel.Flows, channel.Queued.Packets, channel.PacketsSent, channel.BytesSent)
            {
                Lane = channel.Lane,
                RemoteAddress = channel.Info.RemoteAddress,
                QueueCapacity = channel.QueueSlots,
                QueuedBytes = channel.Queued.Bytes,
                QueueWait = channel.GetQueueDelay(now),
                Age = Time.GetElapsedTime(channel.OpenedAt, now),
                Idle = Time.GetElapsedTime(channel.LastUsed, now),
                FailedChecks = channel.WasChecked ? channel.FailedChecks : null,
                RoundTripTime = channel.RoundTrip,
            })];
        }
    }

    /// <summary>Packets and bytes in the queues of its streams.</summary>
    public (long Packets, long Bytes) Queued
    {
        get
        {
            lock (_session.Gate)
            {
                var (packets, bytes) = (0L, 0L);
                foreach (var channel in _channels.Concat(_draining))
                {
                    packets += channel.Queued.Packets;
                    bytes += channel.Queued.Bytes;
                }
                return (packets, bytes);
            }
        }
    }

    /// <summary>How many streams there are.</summary>
    public int Count
    {
        get
        {
            lock (_session.Gate)
                return _channels.Count + _draining.Count;
        }
    }

    public string? PeerAgent
    {
        get
        {
            lock (_session.Gate)
                return _channels.Find(channel => channel.PeerAgent is not null)?.PeerAgent;
        }
    }

    // A scheduler may be a third party's: its mistake, or its exception, must not cost the flow, nor the node.
    private int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> loads)
    {
        try
        {
            var index = _settings.Scheduler.Pick(key, loads);
            return (uint)index < (uint)loads.Length ? index : 0;
        }
        catch (Exception exception)
        {
            Log.SchedulerFailed(_settings.Channels.Logger, exception, _session.Peer);
            return 0;
        }
    }

    private StreamScaling Scale(ReadOnlySpan<StreamLoad> loads)
    {
        try
        {
            return _settings.Scheduler.Scale(GetPoolLoad(), loads);
        }
        catch (Exception exception)
        {
            Log.SchedulerFailed(_settings.Channels.Logger, exception, _session.Peer);
            return StreamScaling.Stay;
        }
    }

    private ReadOnlySpan<StreamLoad> GetLoads()
    {
        if (_loads.Length < _channels.Count)
            _loads = new StreamLoad[Math.Max(_channels.Count, _settings.MaxStreams)];
        var now = Time.GetTimestamp();
        for (var i = 0; i < _channels.Count; i++)
        {
            var channel = _channels[i];
            _loads[i] = new StreamLoad(
                channel.Id, channel.Flows - channel.LeavingFlows, channel.QueuedPackets, channel.QueueCapacity, Time.GetElapsedTime(channel.LastUsed, now),
                channel.GetQueueDelay(now), channel.PacketsPerSecond);
        }
        return _loads.AsSpan(0, _channels.Count);
    }

    private StreamPoolLoad GetPoolLoad() => new(
        _settings.MinStreams, _settings.MaxStreams, _settings.IdleTimeout, _opening, Time.GetElapsedTime(_lastChange));

    private static partial class Log
    {
        [LoggerMessage(EventId = 110, Level = LogLevel.Error, Message = "The scheduler failed for {PeerId}; the first stream is taken")]
        public static partial void SchedulerFailed(ILogger logger, Exception exception, PeerId peerId);
    }
}
