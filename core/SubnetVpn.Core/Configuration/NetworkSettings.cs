using SubnetVpn.Resilience;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Configuration;

/// <summary>
/// One network as the packet path needs it: validated and converted, immutable. What the user writes is the options class
/// of the hosting project; the defaults here are those of the configuration.
/// </summary>
public sealed record NetworkSettings
{
    /// <summary>The network's name; <c>default</c> for the one under <c>vpn:</c>.</summary>
    public string Name { get; init; } = "default";

    /// <summary><c>mtu</c>, bytes.</summary>
    public int Mtu { get; init; } = 1400;

    /// <summary>
    /// <c>virtual_ip</c> and <c>virtual_ip6</c> with their subnets' lengths: one or two. Automatic ones are among them from
    /// <see cref="WithAutomaticAddresses"/> on, which takes the identity of the node.
    /// </summary>
    public required IReadOnlyList<TunAddress> Addresses { get; init; }

    /// <summary>The subnets, at most one per family, in which the node's address is automatic: <c>virtual_ip: auto</c>, <c>virtual_ip6: auto</c>.</summary>
    public IReadOnlyList<IpPrefix> AutomaticSubnets { get; init; } = [];

    /// <summary><c>routes</c>: destinations that go to the TUN device, beside the subnets.</summary>
    public IReadOnlyList<IpPrefix> Routes { get; init; } = [];

    /// <summary><c>tun_name</c>; null lets the system choose.</summary>
    public string? TunName { get; init; }

    /// <summary><c>unallowed_ports</c>: TCP and UDP ports that neither leave nor enter.</summary>
    public IReadOnlySet<ushort> UnallowedPorts { get; init; } = new HashSet<ushort>();

    /// <summary><c>protocol</c>: the id of the original wire format. The newer one is <c>/vpn/2.0.0</c>, with the network's name behind it unless that is <c>default</c>.</summary>
    public string Protocol { get; init; } = "/vpn/1.0.0";

    /// <summary>
    /// <c>network_key</c>: a secret one makes the network private, an open one lets anyone in. Default: null, only listed peers and
    /// registered addresses are let in.
    /// </summary>
    public NetworkKey? NetworkKey { get; init; }

    /// <summary><c>max_streams_per_peer</c>.</summary>
    public int MaxStreamsPerPeer { get; init; } = 10;

    /// <summary><c>min_streams_per_peer</c>.</summary>
    public int MinStreamsPerPeer { get; init; } = 2;

    /// <summary><c>stream_idle_timeout</c>.</summary>
    public TimeSpan StreamIdleTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>cleanup_interval</c>.</summary>
    public TimeSpan CleanupInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>packet_buffer_size</c>: packets of 64 KiB in the queue of one stream, or up to 16 times as many small ones.</summary>
    public int PacketBufferSize { get; init; } = 100;

    /// <summary><c>worker_idle_timeout</c>.</summary>
    public TimeSpan WorkerIdleTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>worker_buffer_size</c>: packets a flow holds while it has no stream.</summary>
    public int WorkerBufferSize { get; init; } = 100;

    /// <summary><c>worker_cleanup_interval</c>.</summary>
    public TimeSpan WorkerCleanupInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>health_check_interval</c>.</summary>
    public TimeSpan HealthCheckInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>health_check_timeout</c>.</summary>
    public TimeSpan HealthCheckTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>max_consecutive_failures</c>: failed checks in a row after which a stream is replaced.</summary>
    public int MaxConsecutiveFailures { get; init; } = 3;

    /// <summary><c>warm_interval</c>.</summary>
    public TimeSpan WarmInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The settings of stream schedulers.</summary>
    public SchedulerSettings Scheduling { get; init; } = new();

    /// <summary>The settings of breakers and retries.</summary>
    public ResilienceSettings Resilience { get; init; } = new();

    /// <summary>The subnets of the network, whether or not its automatic addresses are known yet.</summary>
    public IEnumerable<IpPrefix> GetSubnets() => Addresses.Select(static own => own.Subnet).Concat(AutomaticSubnets).Distinct();

    /// <summary>Whether an address of this node is automatic.</summary>
    /// <param name="address">One of <see cref="Addresses"/>.</param>
    public bool IsAutomatic(VirtualIp address) => AutomaticSubnets.Any(subnet => subnet.Contains(address));

    /// <summary>The same with automatic addresses, in place of those that it has.</summary>
    /// <param name="peer">This node.</param>
    /// <param name="number">Which of its IPv4 addresses it takes: 0 for its first choice (<see cref="AutomaticAddress.DeriveIPv4"/>).</param>
    public NetworkSettings WithAutomaticAddresses(PeerId peer, int number) => AutomaticSubnets.Count == 0 ? this : this with
    {
        // IPv4 first, as elsewhere.
        Addresses =
        [
            .. Addresses.Where(own => !IsAutomatic(own.Address))
                .Concat(AutomaticSubnets.Select(subnet => new TunAddress(Derive(subnet, peer, number), subnet.Length)))
                .OrderBy(static own => own.Address.BitLength),
        ],
    };

    private static VirtualIp Derive(IpPrefix subnet, PeerId peer, int number) =>
        subnet.IsIPv4 ? AutomaticAddress.DeriveIPv4(subnet, peer, number) : AutomaticAddress.DeriveIPv6(subnet, peer);
}
