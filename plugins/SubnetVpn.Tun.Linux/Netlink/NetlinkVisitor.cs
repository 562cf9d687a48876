namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>Sees one message of a dump.</summary>
/// <param name="body">The message without its header.</param>
internal delegate void NetlinkVisitor(ReadOnlySpan<byte> body);
