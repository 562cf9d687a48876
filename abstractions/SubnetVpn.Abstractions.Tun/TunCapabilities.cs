namespace SubnetVpn.Tun;

/// <summary>The offloads of a TUN device: which incomplete packets it hands over and takes.</summary>
[Flags]
public enum TunCapabilities
{
    /// <summary>Whole packets up to the MTU only.</summary>
    None = 0,

    /// <summary>Packets whose transport checksum is still to be completed.</summary>
    Checksum = 1,

    /// <summary>TCP super-packets over IPv4 (<see cref="GsoType.TcpV4"/>).</summary>
    TcpV4Segmentation = 2,

    /// <summary>TCP super-packets over IPv6 (<see cref="GsoType.TcpV6"/>).</summary>
    TcpV6Segmentation = 4,

    /// <summary>UDP super-packets over IPv4 and IPv6 (<see cref="GsoType.Udp"/>).</summary>
    UdpSegmentation = 8,
}
