namespace SubnetVpn.Core.Packets;

/// <summary>Offsets and constants of the IPv4 header (RFC 791, section 3.1).</summary>
internal static class IPv4Header
{
    public const int MinLength = 20;
    public const int TotalLength = 2;
    public const int Identification = 4;
    public const int FlagsAndFragmentOffset = 6;
    public const int Protocol = 9;
    public const int Checksum = 10;
    public const int Source = 12;
    public const int Destination = 16;

    public const ushort MoreFragments = 0x2000;
    public const ushort FragmentOffsetMask = 0x1FFF;
}
