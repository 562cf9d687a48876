namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One network of a node.</summary>
public sealed record NetworkStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>As for <see cref="NodeStatus.State"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>This node's addresses, such as <c>10.0.0.1/24</c>.</summary>
    public required IReadOnlyList<string> VirtualIps { get; init; }

    /// <summary>The same, and how it came to them.</summary>
    public IReadOnlyList<AddressStatus> Addresses { get; init; } = [];

    /// <summary>The last time that another peer claimed one of them; null when none did since the node was started.</summary>
    public AddressConflictStatus? AddressConflict { get; init; }

    /// <summary>The name of the TUN device; null while there is none.</summary>
    public string? Tun { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>The offloads of the TUN device, such as <c>tcp_v4_segmentation</c>.</summary>
    public required IReadOnlyList<string> Offloads { get; init; }

    /// <summary>Peers that are known, and how many of them are connected.</summary>
    public required PeerCount Peers { get; init; }

    /// <summary>The counters.</summary>
    public required NetworkCounters Counters { get; init; }
}
