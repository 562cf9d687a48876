namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>A peer on our links, and what it said there. Guarded by the owner of the table.</summary>
internal sealed class KnownPeer(PeerId id)
{
    // One a link, and some that a crash left behind.
    private const int MaxSightings = 16;

    // The oldest first.
    private readonly List<Sighting> _sightings = [];

    public PeerId Id => id;

    public IReadOnlyList<Sighting> Sightings => _sightings;

    /// <summary>What is told to the network.</summary>
    public PeerMapping? Mapping { get; set; }

    /// <summary>Claims of it that another peer holds, and that were counted.</summary>
    public HashSet<IpPrefix> Conflicts { get; } = [];

    /// <summary>What it claims, in all of its sightings.</summary>
    public IReadOnlyList<IpPrefix> Claims => [.. Latest.SelectMany(static sighting => sighting.Claims).Distinct().Take(NetworkClaim.MaxPrefixes)];

    private IEnumerable<Sighting> Latest => Enumerable.Reverse(_sightings);

    /// <summary>Where to dial it, what was said last first.</summary>
    public IReadOnlyList<string> AddressesUpTo(int count) => [.. Latest.SelectMany(static sighting => sighting.Addresses).Distinct().Take(count)];

    /// <summary>Takes what it said now in place of what it said before under that name and on that link.</summary>
    public void Add(Sighting sighting)
    {
        _sightings.RemoveAll(known => known.Link == sighting.Link && known.Instance.Equals(sighting.Instance));
        if (_sightings.Count >= MaxSightings)
            _sightings.RemoveAt(0);
        _sightings.Add(sighting);
    }

    /// <summary>Forgets; returns whether there was something to forget.</summary>
    public bool RemoveAll(Predicate<Sighting> match) => _sightings.RemoveAll(match) > 0;

    /// <summary>Sets an earlier end to what it said.</summary>
    public void Shorten(Predicate<Sighting> match, TimeSpan expires)
    {
        for (var i = 0; i < _sightings.Count; i++)
            if (match(_sightings[i]) && _sightings[i].Expires > expires)
                _sightings[i] = _sightings[i] with { Expires = expires };
    }
}
