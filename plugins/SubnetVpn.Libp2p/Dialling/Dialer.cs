using System.Net;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>
/// Reaches a peer at one of its addresses. They are started one after the other, a moment apart, or at once when the
/// one before has failed; the first whose handshake succeeds wins, the others are given up.
/// </summary>
internal sealed partial class Dialer(
    ConnectionUpgrader upgrader, DialOptions options, Func<IPAddress, bool> isExcluded, LinkFactory links, DialBackoff backoff, Libp2pCounters counters, TimeProvider time)
{
    public DialBackoff Backoff => backoff;

    public async Task<DialOutcome> DialAsync(
        PeerId peer, IReadOnlyList<Multiaddr> addresses, TimeSpan? limit, CancellationToken cancellationToken)
    {
        List<DialTarget> targets = Select(peer, addresses, out DialOutcome none);
        if (targets.Count == 0)
        {
            return none;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<DialOutcome>>();
        var failures = new List<DialOutcome>();
        int next = 0;
        while (next < targets.Count || running.Count > 0)
        {
            if (next < targets.Count && running.Count < options.MaxParallel)
            {
                running.Add(AttemptAsync(peer, targets[next++], limit, stop.Token));
            }

            bool more = next < targets.Count && running.Count < options.MaxParallel;
            Task<DialOutcome>? finished = await FirstAsync(running, more, stop.Token).ConfigureAwait(false);
            if (finished is null)
            {
                continue;
            }

            running.Remove(finished);
            DialOutcome outcome = await finished.ConfigureAwait(false);
            if (outcome.Link is not null)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await DropAsync(running).ConfigureAwait(false);
                return outcome;
            }

            failures.Add(outcome);
        }

        // The last address is as good as any other for the kind of failure; the text has them all.
        return DialOutcome.Failed(Worst(failures), string.Join("; ", failures.Select(static failure => failure.Detail)));
    }

    private List<DialTarget> Select(PeerId peer, IReadOnlyList<Multiaddr> addresses, out DialOutcome none)
    {
        var targets = new List<DialTarget>();
        DialBackoff.Entry? resting = null;
        foreach (DialTarget target in addresses.Take(options.MaxAddresses)
            .Select(address => DialTarget.TryCreate(peer, address)).OfType<DialTarget>()
            .Where(target => target.EndPoint is not IPEndPoint { Address: var ip } || !isExcluded(ip)).DistinctBy(static target => target.Address))
        {
            if (!backoff.IsResting(peer, target.Address, out DialBackoff.Entry entry))
            {
                targets.Add(target);
            }
            else if (resting is null || entry.Until < resting.Value.Until)
            {
                resting = entry;
            }
        }

        none = resting is { } first
            ? DialOutcome.Failed(DialFailure.Backoff, first.Detail, first.Until)
            : DialOutcome.Failed(DialFailure.NoAddress, addresses.Count == 0
                ? "no address of the peer is known"
                : "none of the peer's addresses is one of plain TCP: " + string.Join(", ", addresses.Take(options.MaxAddresses)));
        return targets;
    }

    /// <summary>The first attempt that finished; null when the next address is due.</summary>
    private async Task<Task<DialOutcome>?> FirstAsync(List<Task<DialOutcome>> running, bool more, CancellationToken cancellationToken)
    {
        Task<Task<DialOutcome>> any = Task.WhenAny(running);
        if (!more)
        {
            return await any.ConfigureAwait(false);
        }

        using var delayEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(options.Stagger, time, delayEnd.Token);
        Task first = await Task.WhenAny(any, delay).ConfigureAwait(false);
        await delayEnd.CancelAsync().ConfigureAwait(false);
        return first == any ? await any.ConfigureAwait(false) : null;
    }

    /// <summary>Waits for the attempts that were given up, so that none of them leaves a connection behind.</summary>
    private static async Task DropAsync(List<Task<DialOutcome>> attempts)
    {
        foreach (Task<DialOutcome> attempt in attempts)
        {
            (await attempt.ConfigureAwait(false)).Link?.Link.Close();
        }
    }

    /// <summary>What is most useful to know when several addresses failed differently.</summary>
    private static DialFailure Worst(List<DialOutcome> failures)
    {
        ReadOnlySpan<DialFailure> order =
        [
            DialFailure.WrongPeer, DialFailure.HandshakeFailed, DialFailure.Cancelled, DialFailure.Refused,
            DialFailure.TimedOut, DialFailure.Unreachable, DialFailure.NameNotResolved, DialFailure.Self,
        ];
        foreach (DialFailure failure in order)
        {
            if (failures.Exists(outcome => outcome.Failure == failure))
            {
                return failure;
            }
        }

        return DialFailure.Unreachable;
    }
}
