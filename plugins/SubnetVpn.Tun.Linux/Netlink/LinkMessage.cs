using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary><c>struct ifinfomsg</c> of <c>linux/rtnetlink.h</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct LinkMessage
{
    public byte Family;
    private readonly byte _padding;
    public ushort DeviceType;
    public int Index;
    public uint Flags;
    public uint ChangeMask;
}
