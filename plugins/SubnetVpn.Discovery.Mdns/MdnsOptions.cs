using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Discovery.Mdns;

/// <summary>The section <c>plugins: discovery.mdns:</c>.</summary>
internal sealed class MdnsOptions : IValidatableObject
{
    /// <summary><c>interfaces</c>: the names of those to use, such as <c>eth0</c>. Default: every Ethernet and wireless one.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary><c>ttl</c>: how long others may believe what we say. Default: 120 s.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>query_interval</c>: how often we ask in the long run; more often at start. Default: 50 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:30:00")]
    public TimeSpan QueryInterval { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary><c>lookup_timeout</c>: how long a search for an address that is not known waits for answers. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan LookupTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>max_peers</c>: peers that are remembered; more are refused until one of them goes. Default: 256.</summary>
    [Range(1, 4096)]
    public int MaxPeers { get; init; } = 256;

    /// <summary><c>max_addresses_per_peer</c>: places to dial that are remembered of a peer. Default: 16.</summary>
    [Range(1, 64)]
    public int MaxAddressesPerPeer { get; init; } = 16;

    /// <summary><c>accept_routes</c>: believe peers that claim whole subnets. Default: no, single addresses of the network alone.</summary>
    public bool AcceptRoutes { get; init; }

    /// <summary>The rule between two of them.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // What is asked for at half its life comes before it ends.
        if (QueryInterval > Ttl / 2)
            yield return new ValidationResult("must be at most half of ttl, else peers come and go between two questions.", [nameof(QueryInterval)]);
    }
}
