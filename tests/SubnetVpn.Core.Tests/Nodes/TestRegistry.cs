using System.Collections.Concurrent;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>A registry that the test writes.</summary>
internal sealed class TestRegistry : IAddressRegistry
{
    private readonly ConcurrentDictionary<IpPrefix, PeerId> _holders = [];
    private int _questions;

    /// <summary>Why it cannot be asked; null when it can.</summary>
    public string? Fault { get; set; }

    public int Questions => Volatile.Read(ref _questions);

    public void Give(string prefix, PeerId peer) => _holders[Parse(prefix)] = peer;

    public void Take(string prefix) => _holders.TryRemove(Parse(prefix), out _);

    public ValueTask<PeerLookup> FindHolderAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        if (Fault is { } fault)
            return new(PeerLookup.Failed(fault));
        var (prefix, peer) = _holders.Where(holder => holder.Key.Contains(address)).OrderByDescending(static holder => holder.Key.Length).FirstOrDefault();
        return new(peer == default
            ? PeerLookup.NotFound("not in the book")
            : PeerLookup.Found(new PeerMapping { Peer = peer, Prefixes = [prefix], Source = "registry", Trust = MappingTrust.Authoritative }));
    }

    private static IpPrefix Parse(string prefix) => VirtualIp.TryParse(prefix, out var address) ? new IpPrefix(address, address.BitLength) : IpPrefix.Parse(prefix);
}
