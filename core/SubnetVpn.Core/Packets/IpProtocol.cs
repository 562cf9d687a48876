namespace SubnetVpn.Core.Packets;

/// <summary>The protocol numbers that the packet path tells apart. Source: IANA, "Assigned Internet Protocol Numbers".</summary>
internal static class IpProtocol
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Dccp = 33;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Esp = 50;
    public const byte Authentication = 51;
    public const byte IcmpV6 = 58;
    public const byte NoNextHeader = 59;
    public const byte DestinationOptions = 60;
    public const byte Sctp = 132;
    public const byte Mobility = 135;
    public const byte UdpLite = 136;
    public const byte HostIdentity = 139;
    public const byte Shim6 = 140;

    /// <summary>Whether the first four bytes of the protocol's header are a source and a destination port.</summary>
    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or UdpLite or Sctp or Dccp;

    /// <summary>Whether the number names an IPv6 extension header (RFC 8200, section 4, and IANA's list), not an upper-layer protocol.</summary>
    public static bool IsExtensionHeader(byte protocol) => protocol
        is HopByHop or Routing or Fragment or Authentication or DestinationOptions or Mobility or HostIdentity or Shim6;
}
