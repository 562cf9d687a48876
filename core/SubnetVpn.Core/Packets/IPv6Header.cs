namespace SubnetVpn.Core.Packets;

/// <summary>Offsets and constants of the IPv6 header (RFC 8200, section 3).</summary>
internal static class IPv6Header
{
    public const int Length = 40;
    public const int PayloadLength = 4;
    public const int NextHeader = 6;
    public const int Source = 8;
    public const int Destination = 24;
}
