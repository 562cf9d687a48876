namespace SubnetVpn.Core.Packets;

/// <summary>Offsets and constants of the TCP header (RFC 9293, section 3.1; CWR: RFC 3168).</summary>
internal static class TcpHeader
{
    public const int MinLength = 20;
    public const int Sequence = 4;
    public const int Acknowledgment = 8;
    public const int DataOffset = 12;
    public const int Flags = 13;
    public const int Window = 14;
    public const int Checksum = 16;
    public const int UrgentPointer = 18;

    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Psh = 0x08;
    public const byte Ack = 0x10;
    public const byte Cwr = 0x80;
}
