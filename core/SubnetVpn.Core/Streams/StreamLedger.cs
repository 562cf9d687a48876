using SubnetVpn.Core.Frames;
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
    private readonly List<EndedStream> _open = [];

    /// <summary>The streams that a new one must carry a fence for.</summary>
    public EndedStream[] Unaccounted
    {
        get
        {
            lock (_gate)
                return [.. _open];
        }
    }

    /// <summary>A stream that carried packets has ended, or is about to.</summary>
    public void Add(EndedStream stream)
    {
        EndedStream? oldest = null;
        lock (_gate)
        {
            _open.Add(stream);
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
        EndedStream? stream;
        lock (_gate)
        {
            stream = _open.Find(candidate => candidate.Number == number);
            if (stream is null)
                return;
            _open.Remove(stream);
        }
        _ = SettleAsync(stream, new StreamAccount(number, packets), instance);
    }

    /// <summary>Nobody will answer any more.</summary>
    public void GiveUp()
    {
        EndedStream[] left;
        lock (_gate)
        {
            left = [.. _open];
            _open.Clear();
        }
        foreach (var stream in left)
            _ = SettleAsync(stream, null);
    }

    // What is being written counts as handed over as soon as the write is over. Completion does not fail.
    private async Task SettleAsync(EndedStream stream, StreamAccount? account, ulong instance = 0)
    {
        var totals = await stream.Totals;
        var lost = totals.Handed - totals.Confirmed;
        // What this life of the peer never heard of it has not read. What a former life had read, nobody knows.
        if (account is { Packets: { } packets })
            lost = Math.Min(lost, totals.Handed - packets);
        else if (account is null || (totals.PeerInstance != 0 && totals.PeerInstance != instance))
            // Only what a failed write held is known to be in doubt.
            lost = Math.Min(lost, totals.InDoubt);
        if (lost > 0)
            metrics.PacketsDropped(PacketDropReason.LostInFlight, lost, inbound: false);
    }
}
