using System.Net;
using System.Net.NetworkInformation;
using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Identify;

/// <summary>Where we can be reached: a listener at "any address" stands for each address of the machine.</summary>
internal static class AnnouncedAddresses
{
    public static IReadOnlyList<Multiaddr> Of(IReadOnlyList<Multiaddr> listening, Func<IPAddress, bool> isExcluded)
    {
        IReadOnlyList<IPAddress>? machine = null;
        var result = new List<Multiaddr>();
        foreach (Multiaddr address in listening)
        {
            if (!address.TryGetTcpEndPoint(out EndPoint? endPoint) || endPoint is not IPEndPoint ip ||
                !(ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any)))
            {
                result.Add(address);
                continue;
            }

            machine ??= Reachable(isExcluded);
            result.AddRange(machine.Where(local => local.AddressFamily == ip.AddressFamily).Select(local => Multiaddr.FromTcpEndPoint(new IPEndPoint(local, ip.Port))));
        }

        return result;
    }

    /// <summary>Addresses of interfaces that are up; loopback only when there is no other at all, link-local ones never (they mean nothing elsewhere).</summary>
    private static List<IPAddress> Reachable(Func<IPAddress, bool> isExcluded)
    {
        var all = new List<IPAddress>();
        try
        {
            foreach (NetworkInterface card in NetworkInterface.GetAllNetworkInterfaces())
            {
                if (card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                {
                    all.AddRange(card.GetIPProperties().UnicastAddresses
                        .Select(static unicast => unicast.Address)
                        .Where(address => !address.IsIPv6LinkLocal && !isExcluded(address)));
                }
            }
        }
        catch (NetworkInformationException)
        {
            // A system that does not tell its addresses: peers see where we come from.
            return [];
        }

        List<IPAddress> reachable = all.FindAll(static address => !IPAddress.IsLoopback(address));
        return reachable.Count > 0 ? reachable : all;
    }
}
