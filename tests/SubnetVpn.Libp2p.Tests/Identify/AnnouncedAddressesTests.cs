using System.Net;
using System.Net.NetworkInformation;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Identify;

namespace SubnetVpn.Libp2p.Tests.Identify;

public sealed class AnnouncedAddressesTests
{
    private static readonly Multiaddr[] s_anywhere = [Multiaddr.Parse("/ip4/0.0.0.0/tcp/4001"), Multiaddr.Parse("/ip6/::/tcp/4001")];

    [Fact]
    public void AnyAddress_StandsForTheMachinesOwn_AndForLoopbackOnlyWhenThereIsNoOther()
    {
        IPAddress[] machine = [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(static card => card.GetIPProperties().UnicastAddresses.Select(static unicast => unicast.Address))
            .Where(static address => !address.IsIPv6LinkLocal)];
        bool hasOthers = machine.Any(static address => !IPAddress.IsLoopback(address));

        IReadOnlyList<Multiaddr> announced = AnnouncedAddresses.Of(s_anywhere, static _ => false);

        Assert.Equal(
            machine.Where(address => !hasOthers || !IPAddress.IsLoopback(address)).Select(static address => Multiaddr.FromTcpEndPoint(new IPEndPoint(address, 4001))).ToHashSet(),
            announced.ToHashSet());
    }

    [Fact]
    public void ExcludedAddresses_AreNotTold_UnlessOneListensAtThem()
    {
        Multiaddr named = Multiaddr.Parse("/ip4/10.1.2.3/tcp/4001");

        Assert.Equal([named], AnnouncedAddresses.Of([.. s_anywhere, named], static _ => true));
    }
}
