using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>Runs a lookup: keeps alpha requests under way until its <see cref="LookupState"/> has nobody left to ask.</summary>
internal sealed class Lookup(
    LookupState state, int alpha, int maxRequests, Func<KademliaPeer, CancellationToken, Task<KademliaReply>> ask)
{
    /// <summary>
    /// Goes on until it is over, or until <paramref name="isEnough"/> says so, which sees each reply.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<LookupResult> RunAsync(Func<KademliaPeer, KademliaMessage, bool> isEnough, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<(LookupCandidate Candidate, KademliaReply Reply)>>(alpha);
        int requests = 0;
        bool enough = false;
        while (!enough && !cancellationToken.IsCancellationRequested)
        {
            while (running.Count < alpha && requests < maxRequests && state.TakeNext() is { } next)
            {
                requests++;
                running.Add(AskAsync(next, stop.Token));
            }

            if (running.Count == 0)
            {
                break;
            }

            Task<(LookupCandidate Candidate, KademliaReply Reply)> done = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(done);
            (LookupCandidate candidate, KademliaReply reply) = await done.ConfigureAwait(false);
            if (reply.Message is { } message)
            {
                state.Answered(candidate, message.CloserPeers);
                enough = isEnough(candidate.Peer, message);
            }
            else
            {
                candidate.Stage = LookupStage.Failed;
            }
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        List<LookupCandidate> closest = state.Closest();
        return new LookupResult([.. closest.Select(static candidate => candidate.Peer)], closest.Count > 0 ? closest[0].Hops + 1 : 0, requests);
    }

    private async Task<(LookupCandidate Candidate, KademliaReply Reply)> AskAsync(LookupCandidate candidate, CancellationToken cancellationToken) =>
        (candidate, await ask(candidate.Peer, cancellationToken).ConfigureAwait(false));
}
