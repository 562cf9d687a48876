using SubnetVpn.Discovery.Mdns.Dns;

namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>What a peer said of itself on one link, in its last message there.</summary>
internal sealed record Sighting
{
    /// <summary>The peer that it says it is.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>The index of the link.</summary>
    public required int Link { get; init; }

    /// <summary>The name under which it speaks: another after each of its starts, and for each of its networks.</summary>
    public required DnsName Instance { get; init; }

    /// <summary>Where to dial it.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>What it claims in our network.</summary>
    public required IReadOnlyList<IpPrefix> Claims { get; init; }

    /// <summary>How long it may be believed.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>When that is over.</summary>
    public required TimeSpan Expires { get; init; }
}
