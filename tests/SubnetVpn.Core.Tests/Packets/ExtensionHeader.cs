namespace SubnetVpn.Core.Tests.Packets;

/// <summary>An IPv6 extension header but for its first byte, which the builder fills in.</summary>
internal readonly record struct ExtensionHeader(byte Type, byte[] Rest)
{
    public static ExtensionHeader HopByHop(int units = 0) => Padded(0, units);

    public static ExtensionHeader DestinationOptions(int units = 0) => Padded(60, units);

    public static ExtensionHeader Routing(byte segmentsLeft = 0, byte type = 2) => new(43, [0, type, segmentsLeft, 0, 0, 0, 0]);

    public static ExtensionHeader Authentication(byte words = 4) => new(51, [words, .. new byte[((words + 2) * 4) - 2]]);

    public static ExtensionHeader Fragment(int offset, bool more, uint identification = 7)
    {
        var field = offset | (more ? 1 : 0);
        return new(44, [0, (byte)(field >> 8), (byte)field, (byte)(identification >> 24), (byte)(identification >> 16), (byte)(identification >> 8), (byte)identification]);
    }

    private static ExtensionHeader Padded(byte type, int units) => new(type, [(byte)units, 1, (byte)(4 + (units * 8)), .. new byte[4 + (units * 8)]]);
}
