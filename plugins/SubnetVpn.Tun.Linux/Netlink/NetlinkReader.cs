using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>Walks the attributes of a message that came from the kernel.</summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>Takes the next attribute.</summary>
    /// <returns>False at the end.</returns>
    public bool TryNext(out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.Length < 4)
            return false;
        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
            return false;
        type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & NetlinkConstants.NLA_TYPE_MASK);
        value = _rest[4..length];
        _rest = _rest[Math.Min(NetlinkRequest.Align(length), _rest.Length)..];
        return true;
    }
}
