using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary><c>struct ifaddrmsg</c> of <c>linux/if_addr.h</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal struct AddressMessage
{
    public byte Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public uint Index;
}
