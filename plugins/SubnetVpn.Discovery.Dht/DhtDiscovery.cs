using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Lookups;
using SubnetVpn.Discovery.Dht.Original;
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
    private readonly OriginalRecords? _original;
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
        _store = new DhtStore(store, options, network.LocalPeer, opened => SharedValidators<RecordValidator, MemberRecords>.Join(opened, member, () => new RecordValidator(ed25519, time), out _));
        _cache = new AnswerCache(MaxAnswers, network.LocalPeer, options, time);
        _dialAddresses = new DialAddresses(announced, subnets);
        var search = new RecordSearch(_store, keys, reader, _counters, time);
        _lookups = new SharedLookups(search, _store, _cache, time, logger, network.Name);
        var publisher = new RecordPublisher(
            _store, search, _cache, new RecordWriter(network, keys, identity), network, keys, options, _counters, time, logger);
        // In a private network they would tell everybody who holds which address, and no node of the original network could be a member.
        if (options.OriginalRecords && !network.Key.IsSecret)
            _original = new OriginalRecords(_store, KnownPeers(), identity, ed25519, options, _counters, time, logger, network.Name);
        _own = new OwnRecords(publisher, _original, _dialAddresses, options, network.Name, time, logger);
        _metrics = new DhtMetrics(meters, network.Name, _counters, () => _cache.Count, () => _own.Published);
    }

    internal DhtCounters Counters => _counters;

    internal int Cached => _cache.Count;

    public async ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_network.Subnets.Any(subnet => subnet.Contains(address)))
            return PeerLookup.NotFound($"{address} is none of the addresses of the network '{_network.Name}', and others are not in its hash table.");
        var known = _cache.FindFresh(address);
        var lookup = Read(address, known ?? await _lookups.AskAsync(address, cancellationToken));
        if (lookup.Outcome != PeerLookupOutcome.Found && _original is not null && _own.FindClaim(address) is null
            && await _original.FindAsync(address, cancellationToken) is { } found)
            lookup = Read(found.Record, found.DialAddresses);
        _counters.Count(known is not null ? LookupOutcome.Cached : lookup.Outcome switch
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
        _original?.Dispose();
        _store.Dispose();
        _metrics.Dispose();
    }

    // Those that are named, and where they can be dialled.
    private Dictionary<PeerId, IReadOnlyList<string>> KnownPeers()
    {
        var known = new Dictionary<PeerId, IReadOnlyList<string>>();
        foreach (var text in _options.OriginalPeers)
            if (PeerId.TryParse(text, out var peer) && peer != _network.LocalPeer)
                known[peer] = [];
        foreach (var address in _store.Bootstrap)
            if (BootstrapPeer.TryParse(address, out var peer))
                known[peer] = [.. known.GetValueOrDefault(peer, []), BootstrapPeer.AddressOf(address)];
        return known;
    }

    private PeerLookup Read(OriginalRecord record, IReadOnlyList<string> dialAddresses) => PeerLookup.Found(new PeerMapping
    {
        Peer = record.Peer,
        Prefixes = [new IpPrefix(record.Address, record.Address.BitLength)],
        Addresses = dialAddresses,
        Source = "dht",
        Trust = MappingTrust.Signed,
        TimeToLive = record.Issued + OriginalRecord.Lifetime - _time.GetUtcNow() is var rest && rest < _options.AnswerLifetime ? rest : _options.AnswerLifetime,
        IssuedAt = record.Issued,
    });

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
