using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>Storing values and provider records with others, and again before they expire there.</summary>
internal sealed partial class KademliaNode
{
    /// <summary>What we publish: more than a node has to say. A later one of the same key replaces the former.</summary>
    private const int MaxPublications = 1024;

    private readonly Lock _publicationGate = new();
    private readonly Dictionary<KademliaKey, Publication> _publications = [];

    /// <summary>Stores a value with the peers nearest to its key, and again from time to time.</summary>
    /// <returns>How many took it, ourselves included when we are a server.</returns>
    /// <exception cref="ArgumentException">The key or the value is too long, or its validator does not take it.</exception>
    public Task<int> PutValueAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        CheckKey(key);
        if (value.Length is 0 or > KademliaConstants.MaxValueBytes)
        {
            throw new ArgumentException($"A value has 1 to {KademliaConstants.MaxValueBytes} bytes, not {value.Length}.", nameof(value));
        }

        KademliaRefusal refusal = Validators.Check(key, value);
        if (refusal != KademliaRefusal.None)
        {
            throw new ArgumentException($"The value cannot be stored: {refusal}.", nameof(value));
        }

        var publication = new Publication(key.ToArray(), value.ToArray());
        return PublishAsync(publication, cancellationToken);
    }

    /// <summary>Tells the peers nearest to a key, a multihash, that we provide it, and again from time to time.</summary>
    /// <returns>How many were told, ourselves included when we are a server.</returns>
    public Task<int> ProvideAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        CheckProviderKey(key);
        return PublishAsync(new Publication(key.ToArray(), Value: null), cancellationToken);
    }

    private Task<int> PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        publication.PublishedAt = _time.GetUtcNow();
        lock (_publicationGate)
        {
            if (_publications.Count >= MaxPublications && !_publications.ContainsKey(publication.Place))
            {
                throw new InvalidOperationException($"A node publishes at most {MaxPublications} records.");
            }

            _publications[publication.Place] = publication;
        }

        return SendAsync(publication, cancellationToken);
    }

    /// <summary>Publishes again what was published long enough ago.</summary>
    private async Task RepublishAsync(CancellationToken cancellationToken)
    {
        Publication[] due;
        DateTimeOffset now = _time.GetUtcNow();
        lock (_publicationGate)
        {
            // A value that has expired meanwhile is nobody's any more.
            foreach (Publication over in _publications.Values.Where(IsOver).ToArray())
            {
                _publications.Remove(over.Place);
            }

            due = [.. _publications.Values.Where(publication => now - publication.PublishedAt >= _options.RepublishInterval || CouldHaveMoreHolders(publication))];
        }

        foreach (Publication publication in due)
        {
            if (await SendAsync(publication, cancellationToken).ConfigureAwait(false) > 0)
            {
                publication.PublishedAt = now;
            }
        }
    }

    /// <summary>Published when the network was small, or not there: there are peers now that there were not then.</summary>
    private bool CouldHaveMoreHolders(Publication publication) =>
        publication.Holders < KademliaConstants.K && Table.Count > publication.PeersThen;

    private bool IsOver(Publication publication) =>
        publication.Value is { } value && Validators.Check(publication.Key, value) != KademliaRefusal.None;

    private async Task<int> SendAsync(Publication publication, CancellationToken cancellationToken)
    {
        KademliaMessage request = publication.Value is { } value
            ? new KademliaMessage(KademliaMessageType.PutValue, publication.Key) { Record = new KademliaRecord(publication.Key, value) }
            : new KademliaMessage(KademliaMessageType.AddProvider, publication.Key) { ProviderPeers = [new KademliaPeer(_self, _network.OwnAddresses)] };
        int taken = KeepOwn(publication) ? 1 : 0;
        LookupResult nearest = await FindClosestAsync(publication.Key, cancellationToken).ConfigureAwait(false);
        KademliaReply[] replies = await Task.WhenAll(nearest.Closest.Select(peer => RequestAsync(peer, request, cancellationToken))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        publication.Holders = replies.Count(static reply => reply.Failure == RequestFailure.None);
        publication.PeersThen = publication.Holders > 0 ? Table.Count : 0;
        return taken + publication.Holders;
    }

    /// <summary>In our own store it is there for those who ask us; a client has nobody who asks, and counts it not.</summary>
    private bool KeepOwn(Publication publication)
    {
        KademliaRefusal refusal = publication.Value is { } value
            ? Records.Put(publication.Key, value, _self)
            : Providers.Add(publication.Key, new KademliaPeer(_self, _network.OwnAddresses));
        return IsServer && refusal == KademliaRefusal.None;
    }

    private sealed record Publication(byte[] Key, byte[]? Value)
    {
        public KademliaKey Place { get; } = KademliaKey.Of(Key);

        public DateTimeOffset PublishedAt { get; set; }

        /// <summary>Peers that took it the last time.</summary>
        public int Holders { get; set; }

        /// <summary>Peers in the table at that time.</summary>
        public int PeersThen { get; set; }
    }
}
