using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Filtering;

/// <summary>
/// Keeps packets away from the ports of <c>unallowed_ports</c>, in both directions and for every protocol that has ports. It
/// looks at the destination port: a service whose requests never arrive has nothing to reply. The ports may be replaced while
/// packets pass. Thread-safe; allocates nothing per packet.
/// </summary>
/// <remarks>
/// Fragments do not get around it. The ports stand in the first fragment, which is checked like a whole packet; without it
/// the receiver cannot put the datagram together, so later fragments pass, but for those that could change what was
/// checked (RFC 1858, RFC 3128, RFC 5722):
/// <list type="bullet">
/// <item>a first fragment too short for its ports, also when what is cut off is a chain of extension headers (RFC 7112);</item>
/// <item>a later fragment that begins within the first 16 bytes, over the transport header;</item>
/// <item>fragments of a datagram whose fragmented part begins with an extension header: where the ports are is then not
/// known from a later one.</item>
/// </list>
/// What is inside ESP or another tunnel is not looked at.
/// </remarks>
internal sealed class PortFilter
{
    // The first offset at which a later fragment touches neither ports nor, in TCP, the flags: 8 is what RFC 1858 refuses.
    private const int FirstHarmlessOffset = 16;

    // A bit per port; null when every port is allowed. Replaced as a whole, never written to.
    private volatile ulong[]? _unallowed;

    public PortFilter(IReadOnlySet<ushort> unallowed) => Replace(unallowed);

    /// <summary>Whether every packet is allowed.</summary>
    public bool IsEmpty => _unallowed is null;

    /// <summary>Replaces the ports: packets that are checked from now on go by the new ones.</summary>
    public void Replace(IReadOnlySet<ushort> unallowed)
    {
        if (unallowed.Count == 0)
        {
            _unallowed = null;
            return;
        }
        var bits = new ulong[(ushort.MaxValue + 1) / 64];
        foreach (var port in unallowed)
            bits[port >> 6] |= 1UL << (port & 63);
        _unallowed = bits;
    }

    public bool IsAllowed(in PacketInfo info)
    {
        if (_unallowed is not { } unallowed)
            return true;
        if (info.IsFragment && (info.FragmentsExtensionHeader || info.FragmentOffset > 0))
            return !info.FragmentsExtensionHeader && (info.FragmentOffset >= FirstHarmlessOffset || !IpProtocol.HasPorts(info.Protocol));
        if (!IpProtocol.HasPorts(info.Protocol))
            return true;
        return info.HasPorts && (unallowed[info.DestinationPort >> 6] & (1UL << (info.DestinationPort & 63))) == 0;
    }
}
