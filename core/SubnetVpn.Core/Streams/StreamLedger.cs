using SubnetVpn.Core.Metrics;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// The streams to one peer that ended, and of which the peer has not yet said how much it had read. Every stream that is used
/// next carries a fence for each of them, so that nothing of them is delivered later; the answer tells how many packets were
/// lost in flight. It outlives the peer's session, which may come and go. Thread-safe.
/// </summary>
internal sealed class StreamLedger(VpnMetrics metrics)
{
    // A peer that never answers: what is beyond is counted as far as it is known.
    private const int MaxStreams = 64;

    private readonly Lock _gate = new();
    private readonly List<StreamChannel> _open = [];

    /// <summary>The streams that a new one must carry a fence for.</summary>
    public StreamChannel[] Unaccounted
    {
        get
        {
            lock (_gate)
                return [.. _open];
        }
    }

    /// <summary>A stream that carried packets has ended.</summary>
    public void Add(StreamChannel channel)
    {
        StreamChannel? oldest = null;
        lock (_gate)
        {
            _open.Add(channel);
            if (_open.Count > MaxStreams)
            {
                oldest = _open[0];
                _open.RemoveAt(0);
            }
        }
        if (oldest is not null)
            _ = SettleAsync(oldest, null);
    }

    /// <summary>The peer says how many packets it had read of a stream.</summary>
    /// <param name="number">The stream.</param>
    /// <param name="packets">How many; null when it does not know the stream.</param>
    /// <param name="instance">Which of its lives says so.</param>
    public void Account(ulong number, long? packets, ulong instance)
    {
        StreamChannel? channel;
        lock (_gate)
        {
            channel = _open.Find(candidate => candidate.Number == number);
            if (channel is null)
                return;
            _open.Remove(channel);
        }
        // What this life of the peer never heard of it has not read. What a former life had read, nobody knows.
        _ = SettleAsync(channel, packets ?? (channel.PeerInstance == 0 || channel.PeerInstance == instance ? 0 : null));
    }

    /// <summary>Nobody will answer any more.</summary>
    public void GiveUp()
    {
        StreamChannel[] left;
        lock (_gate)
        {
            left = [.. _open];
            _open.Clear();
        }
        foreach (var channel in left)
            _ = SettleAsync(channel, null);
    }

    // What is being written counts as handed over as soon as the write is over. Completion does not fail.
    private async Task SettleAsync(StreamChannel channel, long? packets)
    {
        await channel.Completion;
        var lost = channel.PacketsHanded - (packets ?? channel.PacketsConfirmed);
        // Without an account, only what a failed write held is known to be in doubt.
        if (packets is null)
            lost = Math.Min(lost, channel.PacketsInDoubt);
        if (lost > 0)
            metrics.PacketsDropped(PacketDropReason.LostInFlight, lost, inbound: false);
    }
}
