using System.Buffers.Binary;

namespace SubnetVpn.Core.Filtering;

/// <summary>
/// Tells destinations that one peer can hold from those that mean several hosts, this host or this link: multicast,
/// broadcast, link-local, loopback and unspecified. A mesh of peers does not carry those. Immutable; allocates nothing
/// per packet. Source: RFC 6890, RFC 919, RFC 4291.
/// </summary>
internal sealed class AddressFilter
{
    private readonly uint[] _broadcasts;

    /// <param name="subnets">The subnets of the network, whose last IPv4 addresses are broadcast.</param>
    public AddressFilter(IEnumerable<IpPrefix> subnets) =>
        // Point-to-point subnets have no broadcast address (RFC 3021).
        _broadcasts = [.. subnets.Where(static subnet => subnet.IsIPv4 && subnet.Length <= 30).Select(static subnet => LastAddress(subnet)).Distinct()];

    public bool IsUnicast(VirtualIp destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        return destination.WriteBytes(bytes) == 4
            ? IsUnicast(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : IsUnicastIPv6(bytes);
    }

    private bool IsUnicast(uint address)
    {
        // 0.0.0.0/8 this network, 127.0.0.0/8 loopback, 224.0.0.0/4 multicast.
        if (address >> 24 is 0 or 127 || address >> 28 == 14)
            return false;
        // 169.254.0.0/16 link-local.
        if (address >> 16 == 0xA9FE || address == uint.MaxValue)
            return false;
        foreach (var broadcast in _broadcasts)
        {
            if (address == broadcast)
                return false;
        }
        return true;
    }

    private static bool IsUnicastIPv6(ReadOnlySpan<byte> address)
    {
        // ff00::/8 multicast, fe80::/10 link-local.
        if (address[0] == 0xFF || (address[0] == 0xFE && (address[1] & 0xC0) == 0x80))
            return false;
        // :: unspecified, ::1 loopback.
        return address[..15].IndexOfAnyExcept((byte)0) >= 0 || address[15] > 1;
    }

    private static uint LastAddress(IpPrefix subnet)
    {
        Span<byte> bytes = stackalloc byte[4];
        subnet.Address.WriteBytes(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes) | (uint)(uint.MaxValue >> subnet.Length);
    }
}
