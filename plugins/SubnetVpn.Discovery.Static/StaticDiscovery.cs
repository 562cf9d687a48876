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

    /// <param name="options">The peers, checked.</param>
    /// <param name="network">The network whose peers are wanted.</param>
    /// <param name="logger">For entries that are left out.</param>
    /// <exception cref="VpnException">A peer is given an address that the operator gave to this node.</exception>
    public StaticDiscovery(StaticDiscoveryOptions options, NetworkContext network, ILogger<StaticDiscovery> logger)
    {
        _logger = logger;
        ThrowOnOwnAddress(options, network);
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

    // The options were checked one by one and together; what needs the network is checked here. Of an address that this node chose
    // by itself, the host learns that it is taken, and chooses another.
    private static void ThrowOnOwnAddress(StaticDiscoveryOptions options, NetworkContext network)
    {
        var mistakes = options.Peers
            .Where(peer => peer.Id != network.LocalPeer)
            .SelectMany(peer => peer.VirtualIps.Where(address => network.VirtualIps.Contains(address) && !network.AutomaticIps.Contains(address)), static (peer, address) => (peer.Id, address))
            .Select(entry => $"The virtual IP {entry.address} of the peer {entry.Id} is this node's own in the network '{network.Name}'.")
            .ToList();
        if (mistakes.Count > 0)
            throw new VpnException(VpnErrorReason.Configuration, $"plugins:discovery.static:peers: {string.Join(" ", mistakes)}");
    }

    private PeerMapping? Read(StaticPeerOptions peer, NetworkContext network)
    {
        if (peer.Id == network.LocalPeer)
        {
            LogOwnEntry(network.Name, peer.Id);
            return null;
        }

        var own = new HashSet<IpPrefix>();
        foreach (var address in peer.VirtualIps)
        {
            if (network.Subnets.Any(subnet => subnet.Contains(address)))
                own.Add(new IpPrefix(address, address.BitLength));
            else
                LogOtherNetwork(network.Name, peer.Id, address);
        }
        if (own.Count == 0 && peer.VirtualIps.Count > 0)
            return null;

        return new PeerMapping
        {
            Peer = peer.Id,
            Prefixes = [.. own.Union(peer.Routes)],
            Addresses = [.. peer.Addresses.Select(static address => address.ToString())],
            Source = "static",
            Trust = MappingTrust.Authoritative,
        };
    }
}
