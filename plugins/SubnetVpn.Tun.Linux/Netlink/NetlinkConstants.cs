namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>Numbers of <c>linux/netlink.h</c> and <c>linux/socket.h</c>.</summary>
internal static class NetlinkConstants
{
    public const int AF_NETLINK = 16;
    public const int SOCK_RAW = 3;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int NETLINK_ROUTE = 0;

    public const ushort NLM_F_REQUEST = 0x1;
    public const ushort NLM_F_ACK = 0x4;
    public const ushort NLM_F_DUMP_INTR = 0x10;
    public const ushort NLM_F_DUMP = 0x300;
    public const ushort NLM_F_EXCL = 0x200;
    public const ushort NLM_F_CREATE = 0x400;

    public const ushort NLMSG_ERROR = 2;
    public const ushort NLMSG_DONE = 3;

    public const ushort NLA_F_NESTED = 0x8000;

    /// <summary>Without <c>NLA_F_NESTED</c> and <c>NLA_F_NET_BYTEORDER</c>.</summary>
    public const ushort NLA_TYPE_MASK = 0x3FFF;
}
