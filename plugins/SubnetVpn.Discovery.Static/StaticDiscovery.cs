using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace SubnetVpn.Discovery.Static;

/// <summary>Knows the peers that the configuration lists, and no others.</summary>
/// <remarks>
/// The section is one for the node, so a peer belongs to those networks whose subnets hold a virtual IP of it. One that
/// has routes alone belongs to all.
/// </remarks>
internal sealed partial class StaticDiscovery : IPeerDiscovery, IPeerWatcher
{
    private readonly ILogger<StaticDiscovery> _logger;
    private readonly IReadOnlyList<PeerMapping> _mappings;

    // Longest prefix first: the first that contains an address is the best.
    private readonly (IpPrefix Prefix, PeerMapping Mapping)[] _table;

    /// <exception cref="VpnException">The configuration is wrong; the message names every mistake.</exception>
    public StaticDiscovery(StaticDiscoveryOptions options, NetworkContext network, ILogger<StaticDiscovery> logger)
    {
        _logger = logger;
        ThrowOnMistakes(options, network);
        _mappings = [.. options.Peers.Select(peer => Read(peer, network)).OfType<PeerMapping>()];
        _table = [.. _mappings.SelectMany(mapping => mapping.Prefixes.Select(prefix => (prefix, mapping))).OrderByDescending(entry => entry.prefix.Length)];
    }

    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (prefix, mapping) in _table)
            if (prefix.Contains(address))
                return ValueTask.FromResult(PeerLookup.Found(mapping));
        return ValueTask.FromResult(PeerLookup.NotFound($"No peer in the configuration holds {address}."));
    }

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(AnnounceOutcome.NotSupported);
    }

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var mapping in _mappings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new PeerChange(PeerChangeKind.Found, mapping);
        }
    }

    // The host reports the mistakes of the options before; an embedder who makes the class by hand gets them here.
    private static void ThrowOnMistakes(StaticDiscoveryOptions options, NetworkContext network)
    {
        var own = options.Peers
            .Where(peer => peer.Id != network.LocalPeer.ToString())
            .SelectMany(peer => StaticPeerRules.ReadPrefixes(peer)
                .Where(prefix => prefix.IsSingleAddress && network.VirtualIps.Contains(prefix.Address))
                .Select(prefix => $"The virtual IP {prefix.Address} of the peer {peer.Id} is this node's own in the network '{network.Name}'."));
        var mistakes = options.Peers.SelectMany(StaticPeerRules.Check).Select(mistake => mistake.Message)
            .Concat(StaticPeerRules.CheckTogether(options.Peers))
            .Concat(own)
            .ToList();
        if (mistakes.Count > 0)
            throw new VpnException(VpnErrorReason.Configuration, $"plugins:discovery.static:peers: {string.Join(" ", mistakes)}");
    }

    private PeerMapping? Read(StaticPeerOptions peer, NetworkContext network)
    {
        var id = PeerId.Parse(peer.Id);
        if (id == network.LocalPeer)
        {
            LogOwnEntry(network.Name, id);
            return null;
        }

        var prefixes = new List<IpPrefix>();
        foreach (var prefix in StaticPeerRules.ReadPrefixes(new StaticPeerOptions { VirtualIps = peer.VirtualIps }))
        {
            if (network.Subnets.Any(subnet => subnet.Contains(prefix)))
                prefixes.Add(prefix);
            else
                LogOtherNetwork(network.Name, id, prefix.Address);
        }
        if (prefixes.Count == 0 && peer.VirtualIps.Count > 0)
            return null;

        prefixes.AddRange(StaticPeerRules.ReadPrefixes(new StaticPeerOptions { Routes = peer.Routes }));
        return new PeerMapping
        {
            Peer = id,
            Prefixes = [.. prefixes.Distinct()],
            Addresses = [.. peer.Addresses],
            Source = "static",
            Trust = MappingTrust.Authoritative,
        };
    }
}
