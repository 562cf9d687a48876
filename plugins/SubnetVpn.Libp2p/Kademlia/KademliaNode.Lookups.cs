using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>Looking up peers, values and providers.</summary>
internal sealed partial class KademliaNode
{
    /// <summary>The peers nearest to a key, which is what goes into FIND_NODE: the bytes of a peer id, or any others.</summary>
    public Task<LookupResult> FindClosestAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => LookUpAsync(
        KademliaKey.Of(key.Span), new KademliaMessage(KademliaMessageType.FindNode, key), static (_, _) => false, cancellationToken);

    /// <summary>Where a peer can be dialled; null when nobody near it knows.</summary>
    public async Task<KademliaPeer?> FindPeerAsync(PeerId peer, CancellationToken cancellationToken)
    {
        if (Table.Find(peer) is { } known)
        {
            return known;
        }

        KademliaPeer? found = null;
        byte[] id = peer.Bytes.ToArray();
        await LookUpAsync(KademliaKey.Of(id), new KademliaMessage(KademliaMessageType.FindNode, id), (_, reply) =>
        {
            found = reply.CloserPeers.FirstOrDefault(closer => closer.Id == peer && closer.Addresses.Count > 0);
            return found is not null;
        }, cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>
    /// The valid values that the peers nearest to a key hold. Ends early when <paramref name="quorum"/> peers held one (0: asks
    /// all of them). Those of the nearest that lack the best one are sent it, in the background.
    /// </summary>
    public async Task<FoundValue> GetValueAsync(ReadOnlyMemory<byte> key, int quorum, CancellationToken cancellationToken)
    {
        CheckKey(key);
        var collector = new ValueCollector(key, Validators, Counters);
        if (Records.Get(key) is { } own)
        {
            collector.AddOwn(own.Value);
        }

        LookupResult result = await LookUpAsync(KademliaKey.Of(key.Span), new KademliaMessage(KademliaMessageType.GetValue, key), (peer, reply) =>
        {
            collector.Add(peer, reply.Record);
            return quorum > 0 && collector.Answers >= quorum;
        }, cancellationToken).ConfigureAwait(false);
        FoundValue found = collector.Best();
        if (found.Values.Count > 0)
        {
            Correct(key, found.Values[0], collector.WithoutBest(result.Closest));
        }

        return found;
    }

    /// <summary>Peers that say they provide a key, at most <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<KademliaPeer>> FindProvidersAsync(ReadOnlyMemory<byte> key, int count, CancellationToken cancellationToken)
    {
        CheckProviderKey(key);
        Dictionary<PeerId, KademliaPeer> found = Providers.Get(key, count).ToDictionary(static peer => peer.Id);
        if (found.Count < count)
        {
            await LookUpAsync(KademliaKey.Of(key.Span), new KademliaMessage(KademliaMessageType.GetProviders, key), (_, reply) =>
            {
                foreach (KademliaPeer provider in reply.ProviderPeers.TakeWhile(_ => found.Count < count))
                {
                    found.TryAdd(provider.Id, provider);
                }

                return found.Count >= count;
            }, cancellationToken).ConfigureAwait(false);
        }

        return [.. found.Values];
    }

    private void Correct(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> best, List<KademliaPeer> stale)
    {
        if (Records.Get(key) is { Value: var own } && !own.Span.SequenceEqual(best.Span))
        {
            Records.Put(key, best, _self);
        }

        if (stale.Count == 0)
        {
            return;
        }

        var request = new KademliaMessage(KademliaMessageType.PutValue, key) { Record = new KademliaRecord(key, best) };
        _run(async () =>
        {
            foreach (KademliaPeer peer in stale)
            {
                KademliaReply reply = await RequestAsync(peer, request, _stopping).ConfigureAwait(false);
                if (reply.Failure == RequestFailure.None)
                {
                    Counters.CountCorrection();
                }
            }
        });
    }

    private static void CheckKey(ReadOnlyMemory<byte> key)
    {
        if (key.Length is 0 or > KademliaConstants.MaxKeyBytes)
        {
            throw new ArgumentException($"A key has 1 to {KademliaConstants.MaxKeyBytes} bytes, not {key.Length}.", nameof(key));
        }
    }

    private static void CheckProviderKey(ReadOnlyMemory<byte> key)
    {
        if (key.Length is 0 or > KademliaConstants.MaxProviderKeyBytes)
        {
            throw new ArgumentException($"A key of providers has 1 to {KademliaConstants.MaxProviderKeyBytes} bytes, not {key.Length}.", nameof(key));
        }
    }
}
