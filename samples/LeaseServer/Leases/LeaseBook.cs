using System.Collections.Immutable;
using SubnetVpn;

namespace LeaseServer.Leases;

/// <summary>Gives leases out, and knows who holds what. A change holds once the file has it. Thread-safe.</summary>
/// <remarks>Leases that are over are kept, so that a peer gets its old address again while nobody else needs it.</remarks>
internal sealed class LeaseBook
{
    // Of one network, those that are over included: what the file may grow to.
    private const int MaxLeases = 65_536;

    private readonly Lock _gate = new();
    private readonly LeaseFile _file;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private volatile ImmutableDictionary<string, ImmutableDictionary<VirtualIp, Lease>> _leases;

    /// <param name="file">Where they are kept.</param>
    /// <param name="duration">How long a lease holds.</param>
    /// <param name="time">The clock.</param>
    public LeaseBook(LeaseFile file, TimeSpan duration, TimeProvider time)
    {
        (_file, _duration, _time) = (file, duration, time);
        _leases = file.Read().GroupBy(static lease => lease.Network).ToImmutableDictionary(
            static network => network.Key, static network => network.ToImmutableDictionary(static lease => lease.Address));
    }

    /// <summary>The lease of an address; null when nobody holds it.</summary>
    public Lease? Find(LeaseNetwork network, VirtualIp address) =>
        Of(network).TryGetValue(address, out var lease) && lease.IsLive(_time.GetUtcNow()) ? lease : null;

    /// <summary>What a peer holds.</summary>
    public IReadOnlyList<Lease> FindOf(LeaseNetwork network, PeerId peer) =>
        [.. Of(network).Values.Where(lease => lease.Peer == peer && lease.IsLive(_time.GetUtcNow())).OrderBy(static lease => lease.Address)];

    /// <summary>Gives a peer an address, or the same one for longer.</summary>
    public LeaseResult Request(LeaseNetwork network, VirtualIp address, PeerId peer)
    {
        if (network.SubnetOf(address) is not { } subnet)
            return new LeaseResult(LeaseVerdict.OutsideSubnet);
        if (network.IsReserved(address, subnet))
            return new LeaseResult(LeaseVerdict.Reserved);
        lock (_gate)
            return Give(network, subnet, address, peer);
    }

    /// <summary>Gives a peer an address of a subnet: the one it has, the one it had, one that nobody had, or the one that is over for longest.</summary>
    public LeaseResult RequestAny(LeaseNetwork network, IpPrefix subnet, PeerId peer)
    {
        if (!network.Subnets.Contains(subnet))
            return new LeaseResult(LeaseVerdict.OutsideSubnet);
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var leases = Of(network);
            var here = leases.Values.Where(lease => network.SubnetOf(lease.Address) == subnet && !network.IsReserved(lease.Address, subnet)).ToList();
            var address = here.Where(lease => lease.Peer == peer).MaxBy(static lease => lease.ExpiresAt)?.Address
                ?? FirstOrNull(network.AddressesOf(subnet).Where(candidate => !leases.ContainsKey(candidate)))
                ?? here.Where(lease => !lease.IsLive(now)).MinBy(static lease => lease.ExpiresAt)?.Address;
            return address is { } found ? Give(network, subnet, found, peer) : new LeaseResult(LeaseVerdict.SubnetFull);
        }
    }

    /// <summary>Takes a lease back from its holder.</summary>
    public LeaseResult Release(LeaseNetwork network, VirtualIp address, PeerId peer)
    {
        lock (_gate)
        {
            if (Find(network, address) is not { } lease)
                return new LeaseResult(LeaseVerdict.NotLeased);
            if (lease.Peer != peer)
                return new LeaseResult(LeaseVerdict.HeldByAnother, lease);
            Save(Of(network).SetItem(address, lease with { ExpiresAt = _time.GetUtcNow() }), network);
            return new LeaseResult(LeaseVerdict.Released, lease);
        }
    }

    // Under the gate.
    private LeaseResult Give(LeaseNetwork network, IpPrefix subnet, VirtualIp address, PeerId peer)
    {
        var now = _time.GetUtcNow();
        var leases = Of(network);
        var before = Find(network, address);
        if (!network.Allows(peer))
            return new LeaseResult(LeaseVerdict.NotAllowed);
        if (before is not null && before.Peer != peer)
            return new LeaseResult(LeaseVerdict.HeldByAnother, before);
        if (before is null)
        {
            var held = FindOf(network, peer).Where(lease => subnet.Contains(lease.Address)).ToList();
            if (held.Count >= network.LeasesPerPeer)
                return new LeaseResult(LeaseVerdict.TooMany, held[0]);
            if (leases.Count >= MaxLeases && !leases.ContainsKey(address))
            {
                if (leases.Values.Where(lease => !lease.IsLive(now)).MinBy(static lease => lease.ExpiresAt) is not { } oldest)
                    return new LeaseResult(LeaseVerdict.SubnetFull);
                leases = leases.Remove(oldest.Address);
            }
        }
        var given = new Lease(network.Name, address, peer, now, now + _duration);
        Save(leases.SetItem(address, given), network);
        return new LeaseResult(before is null ? LeaseVerdict.Granted : LeaseVerdict.Renewed, given);
    }

    private ImmutableDictionary<VirtualIp, Lease> Of(LeaseNetwork network) =>
        _leases.TryGetValue(network.Name, out var leases) ? leases : ImmutableDictionary<VirtualIp, Lease>.Empty;

    private void Save(ImmutableDictionary<VirtualIp, Lease> changed, LeaseNetwork network)
    {
        var leases = _leases.SetItem(network.Name, changed);
        _file.Write(leases.Values.SelectMany(static of => of.Values).OrderBy(static lease => lease.Network, StringComparer.Ordinal).ThenBy(static lease => lease.Address));
        _leases = leases;
    }

    private static VirtualIp? FirstOrNull(IEnumerable<VirtualIp> addresses)
    {
        foreach (var address in addresses)
            return address;
        return null;
    }
}
