namespace SubnetVpn.Core.Packets;

/// <summary>Offsets and constants of the UDP header (RFC 768).</summary>
internal static class UdpHeader
{
    public const int Length = 8;
    public const int LengthField = 4;
    public const int Checksum = 6;
}
