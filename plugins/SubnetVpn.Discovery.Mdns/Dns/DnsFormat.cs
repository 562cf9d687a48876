namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>Numbers of the wire format.</summary>
/// <remarks>
/// A message, all numbers big-endian (RFC 1035, 4.1):
/// <code>
/// id 2 | flags 2 | questions 2 | answers 2 | authorities 2 | additionals 2
/// question: name, type 2, class 2
/// record:   name, type 2, class 2, time to live 4, length 2, data
/// name:     (length 1, label)* then 0, or a pointer 2 (11 in its first bits) to what follows of an earlier name
/// </code>
/// In mDNS the first bit of a question's class asks for a unicast response, that of a record's class says that it is unique
/// (RFC 6762, 18).
/// </remarks>
internal static class DnsFormat
{
    public const int HeaderLength = 12;
    public const ushort ResponseFlag = 0x8000;
    public const ushort AuthoritativeFlag = 0x0400;

    /// <summary>Opcode and response code: messages where one is not zero are ignored (RFC 6762, 18.3 and 18.11).</summary>
    public const ushort OpcodeAndCodeMask = 0x780f;

    public const ushort ClassIn = 1;
    public const ushort ClassAny = 255;
    public const ushort ClassMask = 0x7fff;
    public const ushort UniqueFlag = 0x8000;
    public const byte PointerMask = 0xc0;
    public const int MaxPointerTarget = 0x3fff;
}
