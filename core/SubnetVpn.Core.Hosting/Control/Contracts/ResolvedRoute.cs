namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>Where packets to an address go.</summary>
public sealed record ResolvedRoute
{
    /// <summary>The peer.</summary>
    public required string Peer { get; init; }

    /// <summary>What the peer holds: the address, or a subnet that it is in.</summary>
    public required string Prefix { get; init; }

    /// <summary>Who told of it, such as <c>static</c>.</summary>
    public required string Source { get; init; }

    /// <summary>How far that can be trusted, such as <c>authoritative</c>.</summary>
    public required string Trust { get; init; }

    /// <summary>Where the peer can be dialled.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>When the source last told it.</summary>
    public required DateTimeOffset ToldAt { get; init; }

    /// <summary>How long ago that was, seconds.</summary>
    public required double AgeSeconds { get; init; }

    /// <summary>How long it holds from now on, seconds; null for as long as its source does not take it back.</summary>
    public double? TimeToLiveSeconds { get; init; }
}
