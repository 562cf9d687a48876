using System.Collections.Immutable;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>Joining the network, and staying in it.</summary>
internal sealed partial class KademliaNode
{
    /// <summary>Peers pinged in one round.</summary>
    private const int MaxPings = 8;

    /// <summary>The deepest bucket that is refreshed by a key of its own: finding one takes 2^depth hashes. The rest is near us, and so is what a lookup of ourselves finds.</summary>
    private const int MaxRefreshDepth = 12;

    private ImmutableArray<Multiaddr> _bootstrap;
    private DateTimeOffset? _refreshedAt;

    /// <summary>Asks the bootstrap peers, then looks ourselves up, so that we know our neighbours and they know us.</summary>
    /// <returns>Whether anybody answered.</returns>
    public async Task<bool> BootstrapAsync(CancellationToken cancellationToken)
    {
        KademliaPeer[] peers = [.. BootstrapPeers().Where(peer => Table.Find(peer.Id) is null)];
        await Task.WhenAll(peers.Select(peer => PingAsync(peer, cancellationToken))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (Table.Count == 0)
        {
            return false;
        }

        await FindClosestAsync(_self.Bytes.ToArray(), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Looks up ourselves and a key in each bucket up to the deepest one.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _refreshedAt = _time.GetUtcNow();
        await BootstrapAsync(cancellationToken).ConfigureAwait(false);
        int last = Math.Min(Table.Depth, MaxRefreshDepth);
        for (int depth = 0; depth <= last; depth++)
        {
            await FindClosestAsync(KeyAtDepth(depth), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is due: removes what is over, pings those not heard of, refreshes the table, publishes again.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        Records.RemoveExpired();
        Providers.RemoveExpired();
        await Task.WhenAll(Table.NotSeenFor(_options.LivenessGrace, MaxPings).Select(peer => PingAsync(peer, cancellationToken))).ConfigureAwait(false);
        if (_refreshedAt is null || _time.GetUtcNow() - _refreshedAt >= _options.RefreshInterval || Table.Count == 0)
        {
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        }

        await RepublishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>More peers to ask first, from now on.</summary>
    public void AddBootstrap(IEnumerable<Multiaddr> addresses) =>
        ImmutableInterlocked.Update(ref _bootstrap, static (known, more) => [.. known.Concat(more).Distinct()], addresses.ToArray());

    private IEnumerable<KademliaPeer> BootstrapPeers() => _bootstrap
        .GroupBy(static address => address.TryGetPeerId(out PeerId id) ? id : default)
        .Where(group => !group.Key.IsEmpty && group.Key != _self)
        .Select(static group => new KademliaPeer(group.Key, [.. group.Select(static address => address.WithoutPeerId()).OfType<Multiaddr>()]));

    /// <summary>A peer id, of nobody, whose key shares that many leading bits with ours.</summary>
    private byte[] KeyAtDepth(int depth)
    {
        KademliaKey own = KademliaKey.Of(_self.Bytes);
        while (true)
        {
            byte[] id = Multihash.Create(Multihash.Sha256, RandomNumberGenerator.GetBytes(Multihash.Sha256DigestLength));
            if (own.CommonPrefix(KademliaKey.Of(id)) == depth)
            {
                return id;
            }
        }
    }
}
