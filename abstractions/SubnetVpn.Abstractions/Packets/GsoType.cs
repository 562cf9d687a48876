namespace SubnetVpn;

/// <summary>What kind of segments a super-packet stands for: the values of <c>linux/virtio_net.h</c>.</summary>
public enum GsoType : byte
{
    /// <summary>One packet, nothing to cut.</summary>
    None = 0,

    /// <summary>TCP over IPv4.</summary>
    TcpV4 = 1,

    /// <summary>TCP over IPv6.</summary>
    TcpV6 = 4,

    /// <summary>UDP datagrams of equal size, over IPv4 or IPv6 (<c>VIRTIO_NET_HDR_GSO_UDP_L4</c>).</summary>
    Udp = 5,

    /// <summary>TCP over IPv4 with explicit congestion notification (<c>TcpV4 | 0x80</c>).</summary>
    TcpV4Ecn = 0x81,

    /// <summary>TCP over IPv6 with explicit congestion notification (<c>TcpV6 | 0x80</c>).</summary>
    TcpV6Ecn = 0x84,
}
