using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Tests.Nodes;

public sealed class AddressChoiceTests
{
    private static readonly PeerId s_self = TestPeers.Create(1);

    [Fact]
    public void Next_OfASmallSubnet_ComesToEachAddressOnceAndThenGivesUp()
    {
        var choice = AddressChoice.TryBegin(Settings("10.0.0.0/29"), s_self, [])!;
        var tried = new HashSet<VirtualIp>();

        for (var count = 1; count < 6; count++)
        {
            Assert.True(tried.Add(choice.Settings.Addresses[0].Address));
            choice.Next(Taken(choice));
        }

        Assert.True(tried.Add(choice.Settings.Addresses[0].Address));
        var fault = Assert.Throws<VpnException>(() => choice.Next(Taken(choice)));
        Assert.Contains("no free address was found in 10.0.0.0/29; others hold the 6 that were tried", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_SomebodyHoldsEverything_GivesUpAfter64()
    {
        var choice = AddressChoice.TryBegin(Settings("10.0.0.0/8"), s_self, [])!;
        for (var count = 1; count < 64; count++)
            choice.Next(Taken(choice));

        var fault = Assert.Throws<VpnException>(() => choice.Next(Taken(choice)));

        Assert.Contains("others hold the 64 that were tried", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryBegin_WhatWasLost_IsNotTaken()
    {
        var settings = Settings("10.0.0.0/30");
        var first = AddressChoice.TryBegin(settings, s_self, [])!.Settings.Addresses[0].Address;

        var second = AddressChoice.TryBegin(settings, s_self, [first])!.Settings.Addresses[0].Address;

        Assert.NotEqual(first, second);
        Assert.Null(AddressChoice.TryBegin(settings, s_self, [first, second]));
    }

    [Fact]
    public void TryBegin_AddressWrittenOut_IsThatWhateverWasLost()
    {
        var written = new NetworkSettings { Addresses = [new TunAddress(VirtualIp.Parse("10.0.0.1"), 24)] };

        var choice = AddressChoice.TryBegin(written, s_self, [VirtualIp.Parse("10.0.0.1")])!;

        Assert.Equal(written.Addresses, choice.Settings.Addresses);
    }

    private static NetworkSettings Settings(string subnet) => new() { Addresses = [], AutomaticSubnets = [IpPrefix.Parse(subnet)] };

    private static AddressTakenException Taken(AddressChoice choice) =>
        new(choice.Settings.Addresses[0].Address, new AddressRival(TestPeers.Create(2), "test", MappingTrust.Signed, false), "default");
}
