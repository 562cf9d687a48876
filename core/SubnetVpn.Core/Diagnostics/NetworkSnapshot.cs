using SubnetVpn.Core.Addresses;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Diagnostics;

/// <summary>One network at one moment.</summary>
public sealed record NetworkSnapshot
{
    /// <summary>The network's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is doing.</summary>
    public required VpnServiceState State { get; init; }

    /// <summary>Why it failed; null unless <see cref="State"/> is <see cref="VpnServiceState.Failed"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Our addresses with the lengths of their subnets.</summary>
    public required IReadOnlyList<TunAddress> Addresses { get; init; }

    /// <summary>Those of them that this node chose by itself.</summary>
    public IReadOnlyList<VirtualIp> AutomaticAddresses { get; init; } = [];

    /// <summary>Automatic addresses that this node had since it was started and lost to others, the oldest first.</summary>
    public IReadOnlyList<VirtualIp> LostAddresses { get; init; } = [];

    /// <summary>The last time that another peer claimed an address of ours; null when none did since the node was started.</summary>
    public AddressConflict? LastConflict { get; init; }

    /// <summary>The TUN device's name; null while there is none.</summary>
    public string? TunName { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>The offloads of the TUN device.</summary>
    public TunCapabilities Offloads { get; init; }

    /// <summary>The counters.</summary>
    public required VpnMetricsSnapshot Metrics { get; init; }

    /// <summary>The peers that discovery told of.</summary>
    public required IReadOnlyList<PeerSnapshot> Peers { get; init; }
}
