using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>
/// Builds one message: <c>| nlmsghdr | family header | attributes |</c>, an attribute being
/// <c>| u16 length with these 4 bytes | u16 type | value | padding to 4 |</c>, all in the machine's byte order.
/// </summary>
internal sealed class NetlinkRequest
{
    // The longest message here, a link with nested attributes, has under 100 bytes.
    private readonly byte[] _bytes = new byte[256];
    private int _length = NetlinkHeader.Size;
    private readonly ushort _type;
    private readonly ushort _flags;

    public NetlinkRequest(ushort type, ushort flags)
    {
        _type = type;
        _flags = (ushort)(flags | NetlinkConstants.NLM_F_REQUEST);
    }

    public NetlinkRequest Header<T>(in T header) where T : unmanaged
    {
        MemoryMarshal.Write(_bytes.AsSpan(_length), in header);
        _length += Align(Marshal.SizeOf<T>());
        return this;
    }

    public NetlinkRequest Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var start = Begin(type);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
        return End(start);
    }

    public NetlinkRequest Attribute(ushort type, int value) =>
        Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    public NetlinkRequest Attribute(ushort type, VirtualIp address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Attribute(type, bytes[..address.WriteBytes(bytes)]);
    }

    public NetlinkRequest Nested(ushort type, Action<NetlinkRequest> content)
    {
        var start = Begin((ushort)(type | NetlinkConstants.NLA_F_NESTED));
        content(this);
        return End(start);
    }

    /// <summary>The finished message.</summary>
    public ReadOnlySpan<byte> Finish(uint sequence)
    {
        var header = new NetlinkHeader { Length = (uint)_length, Type = _type, Flags = _flags, Sequence = sequence };
        MemoryMarshal.Write(_bytes, in header);
        return _bytes.AsSpan(0, _length);
    }

    public static int Align(int length) => (length + 3) & ~3;

    private int Begin(ushort type)
    {
        var start = _length;
        MemoryMarshal.Write(_bytes.AsSpan(start + 2), in type);
        _length += 4;
        return start;
    }

    private NetlinkRequest End(int start)
    {
        var length = (ushort)(_length - start);
        MemoryMarshal.Write(_bytes.AsSpan(start), in length);
        _length = Align(_length);
        return this;
    }
}
