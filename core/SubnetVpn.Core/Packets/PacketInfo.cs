namespace SubnetVpn.Core.Packets;

/// <summary>What <see cref="IpPacket"/> read from the headers of one packet.</summary>
internal readonly struct PacketInfo
{
    /// <summary>The flow. Every fragment, the first one included, has the key of fragments, without ports.</summary>
    public ConnectionKey Key { get; init; }

    /// <summary>The source address of the IP header.</summary>
    public VirtualIp Source => Key.Source;

    /// <summary>The destination address of the IP header.</summary>
    public VirtualIp Destination => Key.Destination;

    /// <summary>
    /// The protocol of what stands at <see cref="TransportOffset"/>. In a fragment that is not the first one it is what
    /// the fragmented part begins with, which may be an IPv6 extension header.
    /// </summary>
    public byte Protocol { get; init; }

    /// <summary>Where the transport header begins: after IPv4 options and IPv6 extension headers. In a later fragment, where its part of the payload begins.</summary>
    public int TransportOffset { get; init; }

    /// <summary>
    /// Length of the TCP or UDP header in bytes, options included; 0 for other protocols, for fragments, and when the
    /// header is cut off or its length is impossible.
    /// </summary>
    public int TransportHeaderLength { get; init; }

    /// <summary>
    /// Whether the packet is a fragment. An IPv6 packet with a fragment header is one even when it is the whole
    /// datagram (RFC 6946).
    /// </summary>
    public bool IsFragment { get; init; }

    /// <summary>Whether it is the fragment that holds the beginning of the datagram.</summary>
    public bool IsFirstFragment => IsFragment && FragmentOffset == 0;

    /// <summary>Where in the datagram this fragment's part begins, in bytes.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Whether the fragmented part begins with an IPv6 extension header, so that the transport header is not at its start.</summary>
    public bool FragmentsExtensionHeader { get; init; }

    /// <summary>Whether the ports could be read: true for TCP, UDP, UDP-Lite, SCTP and DCCP with four bytes of header, first fragments too.</summary>
    public bool HasPorts { get; init; }

    /// <summary>The source port, or 0.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The destination port, or 0.</summary>
    public ushort DestinationPort { get; init; }
}
