using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Tcp;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>Turns what the user wrote into the options of the libp2p library.</summary>
internal static class HostOptions
{
    private const string SystemCongestion = "system";

    public static Libp2pOptions From(Libp2pTransportOptions options, IVirtualSubnets subnets) => new()
    {
        IsExcluded = address => subnets.Contains(VirtualIp.From(address)),
        AgentVersion = AgentVersion,
        MaxConnectionsPerPeer = options.ConnectionsPerPeer,
        PreferAes = options.PreferAes,
        HandshakeTimeout = options.HandshakeTimeout,
        NegotiationTimeout = options.NegotiationTimeout,
        Tcp = new TcpOptions
        {
            Congestion = options.Congestion == SystemCongestion ? null : options.Congestion,
            NotSentLowWaterBytes = options.SendBuffer,
        },
        Dial = new DialOptions
        {
            Timeout = options.DialTimeout,
            PrivateTimeout = options.DialTimeoutLocal,
            BackoffBase = options.DialBackoff,
            BackoffMax = options.DialBackoffMax,
        },
        Yamux = new YamuxOptions
        {
            MaxStreams = options.MaxStreamsPerConnection,
            MaxInboundStreams = options.MaxInboundStreamsPerConnection,
            MaxWindowBytes = (uint)options.MaxStreamWindow,
            KeepAliveInterval = options.KeepAliveInterval,
            KeepAliveTimeout = options.KeepAliveTimeout,
            InlineReaders = options.InlineReaders,
        },
        Limits = new HostLimits
        {
            MaxConnections = options.MaxConnections,
            MaxConnectionsWithPeer = options.MaxConnectionsPerPeer,
            MaxPendingInbound = options.MaxPendingInbound,
            MaxPendingInboundPerAddress = options.MaxPendingInboundPerAddress,
            InboundRatePerAddress = options.InboundRatePerAddress,
            InboundBurstPerAddress = options.InboundBurstPerAddress,
            MaxReceiveMemory = options.MaxReceiveMemory,
        },
    };

    private static string AgentVersion => $"subnetvpn/{typeof(HostOptions).Assembly.GetName().Version?.ToString(3)}";
}
