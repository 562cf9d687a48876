using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using SubnetVpn.Discovery.Mdns.Diagnostics;

namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>The real interfaces.</summary>
/// <param name="network">The network, whose own device is no link.</param>
/// <param name="interfaces">The names of those to use; empty for every Ethernet and wireless one.</param>
/// <param name="counters">Counts what is thrown away before it is read.</param>
internal sealed class SystemLinkNetwork(NetworkContext network, IReadOnlyList<string> interfaces, MdnsCounters counters) : ILinkNetwork
{
    public IReadOnlyList<LocalLink> Read()
    {
        var links = new List<LocalLink>();
        foreach (var candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            try
            {
                if (IsWanted(candidate) && TryRead(candidate) is { } link)
                    links.Add(link);
            }
            catch (NetworkInformationException)
            {
                // It went away while it was read; its going is told by Watch.
            }
        }
        return links;
    }

    public ILinkPort Open(LocalLink link, PacketReceiver receive)
    {
        var sockets = new List<LinkSocket>();
        try
        {
            if (link.HasIPv4)
                sockets.Add(new LinkSocket(AddressFamily.InterNetwork, link.Index, receive, counters));
            if (link.HasIPv6)
                sockets.Add(new LinkSocket(AddressFamily.InterNetworkV6, link.Index, receive, counters));
            return new LinkPort([.. sockets]);
        }
        catch
        {
            sockets.ForEach(static socket => socket.Dispose());
            throw;
        }
    }

    public IDisposable Watch(Action changed) => new AddressWatch(changed);

    // A TUN device is of an unknown type, so that neither ours nor another VPN's is taken unless it is named.
    private bool IsWanted(NetworkInterface candidate) =>
        candidate.OperationalStatus == OperationalStatus.Up && candidate.NetworkInterfaceType != NetworkInterfaceType.Loopback && candidate.SupportsMulticast
        && (interfaces.Count > 0
            ? interfaces.Contains(candidate.Name)
            : candidate.NetworkInterfaceType is NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet or NetworkInterfaceType.Wireless80211);

    private LocalLink? TryRead(NetworkInterface candidate)
    {
        var properties = candidate.GetIPProperties();
        var all = properties.UnicastAddresses.Select(static address => (address.Address, Own: ToOwn(address))).ToList();
        // The device of the network, whatever its type: nothing of the network is told inside the network.
        if (all.Exists(entry => network.VirtualIps.Contains(entry.Own.Address)))
            return null;
        var hasIPv4 = candidate.Supports(NetworkInterfaceComponent.IPv4) && all.Exists(static entry => entry.Own.Address.IsIPv4);
        var hasIPv6 = candidate.Supports(NetworkInterfaceComponent.IPv6) && all.Exists(static entry => !entry.Own.Address.IsIPv4);
        if (!hasIPv4 && !hasIPv6)
            return null;
        var index = hasIPv4 ? properties.GetIPv4Properties().Index : properties.GetIPv6Properties().Index;
        var addresses = all
            .Where(entry => !entry.Address.IsIPv6LinkLocal && !IPAddress.IsLoopback(entry.Address) && !network.Subnets.Any(subnet => subnet.Contains(entry.Own.Address)))
            .Select(static entry => entry.Own)
            .Distinct()
            .OrderBy(static own => own.Address);
        return new LocalLink(index, candidate.Name, [.. addresses]) { HasIPv4 = hasIPv4, HasIPv6 = hasIPv6 };
    }

    private static LinkAddress ToOwn(UnicastIPAddressInformation information)
    {
        var address = VirtualIp.From(information.Address);
        return new LinkAddress(address, new IpPrefix(address, Math.Clamp(information.PrefixLength, 0, address.BitLength)));
    }

    /// <summary>Both sockets of a link.</summary>
    private sealed class LinkPort(LinkSocket[] sockets) : ILinkPort
    {
        public bool IsAlive => Array.TrueForAll(sockets, static socket => socket.IsAlive);

        public bool Send(ReadOnlySpan<byte> packet)
        {
            // Each family for itself: where one is broken, the other works.
            var isSent = false;
            foreach (var socket in sockets)
                isSent |= socket.Send(packet);
            return isSent;
        }

        public void Dispose()
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }
    }

    /// <summary>The system's own word that an address came or went.</summary>
    private sealed class AddressWatch : IDisposable
    {
        private readonly Action _changed;

        public AddressWatch(Action changed)
        {
            _changed = changed;
            NetworkChange.NetworkAddressChanged += OnChanged;
        }

        public void Dispose() => NetworkChange.NetworkAddressChanged -= OnChanged;

        private void OnChanged(object? sender, EventArgs arguments) => _changed();
    }
}
