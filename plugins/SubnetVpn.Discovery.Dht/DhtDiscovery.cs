using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Lookups;
using SubnetVpn.Discovery.Dht.Publishing;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Discovery.Dht.Validation;
using SubnetVpn.Streams;

namespace SubnetVpn.Discovery.Dht;

/// <summary>Finds the nodes of the network by their records in a distributed hash table, and is found by its own.</summary>
internal sealed class DhtDiscovery : IPeerDiscovery, IAsyncDisposable
{
    private const int MaxAnswers = 1024;

    private readonly NetworkContext _network;
    private readonly DhtOptions _options;
    private readonly TimeProvider _time;
    private readonly DhtCounters _counters = new();
    private readonly DhtStore _store;
    private readonly AnswerCache _cache;
    private readonly SharedLookups _lookups;
    private readonly OwnRecords _own;
    private readonly DialAddresses _dialAddresses;
    private readonly DhtMetrics _metrics;
    private int _isDisposed;

    /// <param name="options">The section of the plugin.</param>
    /// <param name="network">The network.</param>
    /// <param name="identity">Signs what we say of ourselves.</param>
    /// <param name="ed25519">Checks what others say.</param>
    /// <param name="subnets">What is reached through tunnels.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For what an operator may want to know.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="store">What the transport offers; null when it has no hash table.</param>
    /// <param name="announced">Where we can be dialled; null when the transport does not know.</param>
    /// <exception cref="VpnException">There is no hash table.</exception>
    public DhtDiscovery(
        DhtOptions options, NetworkContext network, INodeIdentity identity, IEd25519 ed25519, IVirtualSubnets subnets, TimeProvider time,
        ILoggerFactory loggers, IMeterFactory meters, IRecordStore? store = null, IAnnouncedAddresses? announced = null)
    {
        (_options, _network, _time) = (options, network, time);
        var logger = loggers.CreateLogger<DhtDiscovery>();
        var keys = new NetworkKeys(network, ed25519);
        var reader = new RecordReader(network, keys, ed25519);
        var member = new MemberRecords(reader, _counters);
        _store = new DhtStore(store, options, network.LocalPeer, opened => SharedValidators.Join(opened, member, ed25519, time));
        _cache = new AnswerCache(MaxAnswers, network.LocalPeer, options, time);
        _dialAddresses = new DialAddresses(announced, subnets);
        var search = new RecordSearch(_store, keys, reader, _counters, time);
        _lookups = new SharedLookups(search, _store, _cache, time, logger, network.Name);
        var publisher = new RecordPublisher(
            _store, search, _cache, new RecordWriter(network, keys, identity), network, keys, options, _counters, time, logger);
        _own = new OwnRecords(publisher, _dialAddresses, options, network.Name, time, logger);
        _metrics = new DhtMetrics(meters, network.Name, _counters, () => _cache.Count, () => _own.Published);
    }

    internal DhtCounters Counters => _counters;

    internal int Cached => _cache.Count;

    public async ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_network.Subnets.Any(subnet => subnet.Contains(address)))
            return PeerLookup.NotFound($"{address} is none of the addresses of the network '{_network.Name}', and others are not in its hash table.");
        if (_cache.FindFresh(address) is { } known)
        {
            _counters.Count(LookupOutcome.Cached);
            return Read(address, known);
        }
        var lookup = Read(address, await _lookups.AskAsync(address, cancellationToken));
        _counters.Count(lookup.Outcome switch
        {
            PeerLookupOutcome.Found => LookupOutcome.Found,
            PeerLookupOutcome.NotFound => LookupOutcome.NotFound,
            _ => LookupOutcome.Failed,
        });
        return lookup;
    }

    public async ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(self);
        cancellationToken.ThrowIfCancellationRequested();
        if (self.Peer != _network.LocalPeer)
            throw new ArgumentException($"{self.Peer} is not this node.", nameof(self));
        // What cannot be mended by trying again is told to the host.
        _store.Open();
        // Subnets behind us are not in the table: nobody could tell whether they are ours to give.
        return await _own.AnnounceAsync(
            [.. self.Prefixes.Where(prefix => prefix.IsSingleAddress && _network.Subnets.Any(subnet => subnet.Contains(prefix)))
                .Select(prefix => new AddressClaim(prefix.Address, self.Peer, self.IsAutomatic)).Distinct()],
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _own.DisposeAsync();
        await _lookups.DisposeAsync();
        _store.Dispose();
        _metrics.Dispose();
    }

    private PeerLookup Read(VirtualIp address, Answer answer)
    {
        if (answer.Record is not { IsReleased: false } record || record.Header.Expires - _time.GetUtcNow() is var rest && rest <= TimeSpan.Zero)
            return answer.Failure is { } failure ? PeerLookup.Failed(failure) : PeerLookup.NotFound($"Nobody has a record of {address} in the hash table.");
        if (record.Peer == _network.LocalPeer)
            return PeerLookup.NotFound($"The record of {address} is our own.");
        if (_own.FindClaim(address) is { } ours && !record.Claim.IsBetterThan(ours, _network.Key))
            return PeerLookup.NotFound($"{address} is ours: {record.Peer} claims it too, and we have the better claim.");
        var lifetime = _options.AnswerLifetime - _time.GetElapsedTime(answer.At);
        return PeerLookup.Found(new PeerMapping
        {
            Peer = record.Peer,
            Prefixes = [new IpPrefix(address, address.BitLength)],
            Addresses = _dialAddresses.Usable(record.DialAddresses),
            Source = "dht",
            Trust = _network.Key.IsSecret ? MappingTrust.Member : MappingTrust.Signed,
            TimeToLive = rest < lifetime ? rest : lifetime,
            IssuedAt = record.Header.Issued,
            IsAutomatic = record.IsAutomatic,
        });
    }
}
