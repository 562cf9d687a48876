namespace SubnetVpn.Discovery;

/// <summary>Which addresses a peer holds, and where it can be dialled. Immutable.</summary>
public sealed record PeerMapping
{
    /// <summary>The peer.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>
    /// The addresses it holds, and the subnets it routes: packets to them go to the peer, and the peer may send from them.
    /// A single address is a prefix of full length. Empty when the source knows no more than where the peer can be dialled: that
    /// serves if another source maps addresses to it.
    /// </summary>
    public required IReadOnlyList<IpPrefix> Prefixes { get; init; }

    /// <summary>Where to dial it, as multiaddresses such as <c>/ip4/198.18.0.2/tcp/4001</c>. May be empty: then it has to dial us.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The name of the source, such as <c>static</c>.</summary>
    public required string Source { get; init; }

    /// <summary>How long the answer may be used. Default: for ever (<see cref="Timeout.InfiniteTimeSpan"/>).</summary>
    public TimeSpan TimeToLive { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>When the peer, or whoever vouches for it, said so; null when that is not known. Default: null. Only shown to the operator.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Whether the peer chose these addresses by itself (<c>virtual_ip: auto</c>): it gives way to a peer whose operator chose. Default: false.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>How far the answer can be trusted.</summary>
    public required MappingTrust Trust { get; init; }
}
