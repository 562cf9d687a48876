using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>A node at one moment.</summary>
public sealed record NodeSnapshot
{
    /// <summary>What the node is doing.</summary>
    public required VpnServiceState State { get; init; }

    /// <summary>Its peer id; empty before the identity was read.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>When it was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the snapshot was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The transport's name.</summary>
    public required string TransportName { get; init; }

    /// <summary>Where it listens, with the real ports.</summary>
    public required IReadOnlyList<string> ListenAddresses { get; init; }

    /// <summary>Where others can dial it now; empty when it only dials, or the transport cannot tell.</summary>
    public IReadOnlyList<string> AnnouncedAddresses { get; init; } = [];

    /// <summary>The configuration file, a full path; null when there is none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>What the transport is doing; null when it cannot tell, or is not running.</summary>
    public TransportSnapshot? Transport { get; init; }

    /// <summary>The networks.</summary>
    public required IReadOnlyList<NetworkSnapshot> Networks { get; init; }
}
