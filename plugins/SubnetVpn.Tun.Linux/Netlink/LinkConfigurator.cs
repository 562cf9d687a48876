using SubnetVpn.Tun.Linux.Native;
using static SubnetVpn.Tun.Linux.Netlink.NetlinkConstants;
using static SubnetVpn.Tun.Linux.Netlink.RouteConstants;

namespace SubnetVpn.Tun.Linux.Netlink;

/// <summary>Sets up one interface. Undoing is not needed: everything here goes with the interface.</summary>
internal sealed class LinkConfigurator(NetlinkSocket netlink, string name, int index)
{
    /// <summary>Sets the MTU and the length of the queue towards this process.</summary>
    public void SetLink(int mtu, int queueLength) => Check(
        $"set the MTU of {name} to {mtu}",
        netlink.Execute(new NetlinkRequest(RTM_NEWLINK, NLM_F_ACK)
            .Header(new LinkMessage { Index = index })
            .Attribute(IFLA_MTU, mtu)
            .Attribute(IFLA_TXQLEN, queueLength)));

    /// <summary>Keeps the kernel from giving the device a link-local address, and with it from soliciting routers.</summary>
    /// <returns>0, or the error: there is no IPv6 then.</returns>
    public int TurnOffLinkLocal() => netlink.Execute(new NetlinkRequest(RTM_NEWLINK, NLM_F_ACK)
        .Header(new LinkMessage { Index = index })
        .Nested(IFLA_AF_SPEC, static spec => spec
            .Nested(AF_INET6, static inet6 => inet6
                .Attribute(IFLA_INET6_ADDR_GEN_MODE, [IN6_ADDR_GEN_MODE_NONE]))));

    public void BringUp() => Check(
        $"bring {name} up",
        netlink.Execute(new NetlinkRequest(RTM_NEWLINK, NLM_F_ACK)
            .Header(new LinkMessage { Index = index, Flags = IFF_UP, ChangeMask = IFF_UP })));

    /// <summary>Adds an address; its subnet becomes a route of the device.</summary>
    public void AddAddress(TunAddress address)
    {
        var error = netlink.Execute(new NetlinkRequest(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)
            .Header(new AddressMessage
            {
                Family = FamilyOf(address.Address),
                PrefixLength = (byte)address.PrefixLength,
                // There is no neighbour that could have the same address, and packets shall flow at once.
                Flags = address.Address.IsIPv4 ? (byte)0 : IFA_F_NODAD,
                Index = (uint)index,
            })
            .Attribute(IFA_LOCAL, address.Address)
            .Attribute(IFA_ADDRESS, address.Address));
        // The kernel's answers when IPv6 is off by sysctl, by boot parameter and by build.
        if (!address.Address.IsIPv4 && error is Errno.EACCES or Errno.EOPNOTSUPP or Errno.EAFNOSUPPORT)
            throw TunFault.NoIPv6(address, name, error);
        Check($"give {name} the address {address}", error);
    }

    /// <summary>Adds a route to the device. The device must be up.</summary>
    public void AddRoute(IpPrefix route)
    {
        var request = new NetlinkRequest(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)
            .Header(new RouteMessage
            {
                Family = FamilyOf(route.Address),
                DestinationLength = (byte)route.Length,
                Table = RT_TABLE_MAIN,
                Protocol = RTPROT_STATIC,
                Scope = route.IsIPv4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
                Type = RTN_UNICAST,
            })
            .Attribute(RTA_DST, route.Address)
            .Attribute(RTA_OIF, index);
        var error = netlink.Execute(request);
        if (error == Errno.EEXIST)
            throw TunFault.RouteInUse(route, null);
        Check($"route {route} to {name}", error);
    }

    private static byte FamilyOf(VirtualIp address) => address.IsIPv4 ? AF_INET : AF_INET6;

    private static void Check(string what, int error)
    {
        if (error != 0)
            throw TunFault.Netlink(what, error);
    }
}
