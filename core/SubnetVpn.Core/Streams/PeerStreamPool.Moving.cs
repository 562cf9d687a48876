using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// How flows move from one stream to another while both live, and how streams are let go:
//
//   Spread (a stream was added), TryLetGo, LeaveQueue ──Move──▶ the flow holds its packets, its stream is pinged
//   pong ──▶ all that the flow sent has arrived: it takes another stream, what it held goes there
//   no pong within MaxMove, or nothing more can be held ──▶ it stays where it was
internal sealed partial class PeerStreamPool
{
    // The longest that a flow waits for its move, unless two round trips are longer: about what a lost segment and its
    // repetition take.
    private static readonly TimeSpan s_maxMove = TimeSpan.FromMilliseconds(500);

    // Streams that get no more flows, and are closed once they have none.
    private readonly List<StreamChannel> _draining = [];
    private readonly List<FlowWorker> _moving = [];
    private ITimer? _moveTimer;
    private long _lastRated;

    /// <summary>Lets go what the scheduler wants to let go, or what is above the maximum. Called at every cleanup interval.</summary>
    public void CloseIdle()
    {
        lock (_session.Gate)
        {
            if (_stopped)
                return;
            while (_channels.Count > _settings.MaxStreams && TryLetGo(_channels[^1]))
            {
            }
            while (Scale(GetLoads()) is { Action: StreamScalingAction.Shrink } shrink && _channels.Find(candidate => candidate.Id == shrink.StreamId) is { } channel && TryLetGo(channel))
            {
            }
            foreach (var channel in _draining.ToArray())
                Drain(channel, mayMove: true);
        }
    }

    /// <summary>Asks the scheduler whether the pool should grow or shrink. Called at every scaling interval.</summary>
    public void Rescale()
    {
        lock (_session.Gate)
        {
            if (_stopped)
                return;
            var now = Time.GetTimestamp();
            var elapsed = Time.GetElapsedTime(_lastRated, now);
            foreach (var channel in _channels)
                channel.Rate(elapsed);
            _lastRated = now;
            var scaling = Scale(GetLoads());
            if (scaling.Action == StreamScalingAction.Grow)
                OpenMore(_channels.Count + _opening + 1);
            else if (scaling.Action == StreamScalingAction.Shrink && _channels.Find(candidate => candidate.Id == scaling.StreamId) is { } channel)
                TryLetGo(channel);
        }
    }

    void IStreamChannelOwner.Ponged(StreamChannel channel, long number)
    {
        lock (_session.Gate)
        {
            if (!channel.Pong(number))
                return;
            FinishMoves(channel);
            if (_draining.Contains(channel))
                // Flows that could not be moved stay until the next cleanup: they must not be held up again and again.
                Drain(channel, mayMove: false);
        }
    }

    /// <summary>A flow cannot hold more packets while it waits for its move: it stays where it is. Under the gate.</summary>
    public void CancelMove(FlowWorker worker)
    {
        _moving.Remove(worker);
        StayPut(worker);
    }

    // Gives a stream no more flows, and closes it once it has none. The last one is kept while it has flows.
    private bool TryLetGo(StreamChannel channel)
    {
        if (channel.Flows > 0 && (_channels.Count == 1 || channel.IsLegacy))
            return false;
        _channels.Remove(channel);
        _draining.Add(channel);
        _lastChange = Time.GetTimestamp();
        Drain(channel, mayMove: true);
        return true;
    }

    private void Drain(StreamChannel channel, bool mayMove)
    {
        if (mayMove && channel.Flows > channel.LeavingFlows)
            _session.Workers.ForEach(worker =>
            {
                if (worker.Channel == channel && worker.MovingFrom is null)
                    Move(worker);
            });
        if (channel.Flows > 0)
            return;
        if (!channel.IsDelivered)
        {
            channel.Ping();
            return;
        }
        Remove(channel);
        channel.Complete();
    }

    // A new stream takes its share of the flows.
    private void Spread()
    {
        if (_channels.Count < 2)
            return;
        var flows = 0;
        foreach (var channel in _channels)
            flows += channel.Flows - channel.LeavingFlows;
        var share = (flows + _channels.Count - 1) / _channels.Count;
        if (!_channels.Exists(channel => channel.Flows - channel.LeavingFlows > share))
            return;
        _session.Workers.ForEach(worker =>
        {
            if (worker.MovingFrom is null && worker.Channel is { IsLegacy: false, HasEnded: false } from && from.Flows - from.LeavingFlows > share)
                Move(worker);
        });
    }

    private void Move(FlowWorker worker, StreamChannel? to = null)
    {
        var from = worker.Channel!;
        if (from.HasDelivered(worker.LastNumber))
        {
            Detach(worker, from, to);
            return;
        }
        worker.MovingFrom = from;
        worker.MovingTo = to;
        from.LeavingFlows++;
        _moving.Add(worker);
        from.Ping();
        var limit = from.RoundTrip is { } roundTrip && roundTrip * 2 > s_maxMove ? roundTrip * 2 : s_maxMove;
        _moveTimer ??= Time.CreateTimer(_ => EndMoves(), null, limit, Timeout.InfiniteTimeSpan);
    }

    // It goes where it is to go, if it still can; else its next packet asks the scheduler.
    private void Detach(FlowWorker worker, StreamChannel from, StreamChannel? to)
    {
        from.Flows--;
        worker.Channel = null;
        if (to is { HasEnded: false } && _channels.Contains(to))
            AssignTo(worker, to);
        Metrics.FlowsMoved(1);
    }

    private void FinishMoves(StreamChannel channel)
    {
        _moving.RemoveAll(worker =>
        {
            if (worker.MovingFrom != channel)
                return false;
            if (!channel.HasDelivered(worker.LastNumber))
            {
                // It began to wait after the ping was sent.
                channel.Ping();
                return false;
            }
            var to = worker.MovingTo;
            worker.MovingFrom = null;
            channel.LeavingFlows--;
            Detach(worker, channel, to);
            if (worker.HeldCount > 0 && !Resume(worker))
                AwaitStream(worker);
            return true;
        });
    }

    // Not all at once: a flow that began to wait after the timer was set waits a little less.
    private void EndMoves()
    {
        lock (_session.Gate)
        {
            _moveTimer?.Dispose();
            _moveTimer = null;
            foreach (var worker in _moving.ToArray())
                StayPut(worker);
            _moving.Clear();
        }
    }

    private void StayPut(FlowWorker worker)
    {
        worker.MovingFrom!.LeavingFlows--;
        worker.MovingFrom = null;
        if (worker.HeldCount > 0 && !Resume(worker))
            AwaitStream(worker);
    }
}
