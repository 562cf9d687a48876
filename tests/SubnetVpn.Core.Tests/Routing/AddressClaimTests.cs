using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Routing;

public sealed class AddressClaimTests
{
    private static readonly VirtualIp s_address = VirtualIp.Parse("10.0.0.5");
    private static readonly NetworkKey s_key = NetworkKey.Open("default");

    [Fact]
    public void OfTwoClaims_ExactlyOneIsBetter_AndAnotherAddressCanTurnItRound()
    {
        var (one, other) = (TestPeers.Create(1), TestPeers.Create(2));
        var winners = new HashSet<PeerId>();
        for (var host = 1; host <= 64; host++)
        {
            var address = VirtualIp.Parse($"10.0.0.{host}");
            var (first, second) = (new AddressClaim(address, one, IsAutomatic: false), new AddressClaim(address, other, IsAutomatic: false));
            Assert.NotEqual(first.IsBetterThan(second, s_key), second.IsBetterThan(first, s_key));
            winners.Add(first.IsBetterThan(second, s_key) ? one : other);
        }
        Assert.Equal(2, winners.Count);
    }

    [Fact]
    public void WhatAnOperatorChose_IsBetterThanWhatWasChosenAutomatically()
    {
        for (var number = 1; number <= 16; number++)
        {
            var (chosen, automatic) = (new AddressClaim(s_address, TestPeers.Create(number), IsAutomatic: false), new AddressClaim(s_address, TestPeers.Create(number + 1), IsAutomatic: true));
            Assert.True(chosen.IsBetterThan(automatic, s_key));
            Assert.False(automatic.IsBetterThan(chosen, s_key));
        }
    }

    [Fact]
    public void AClaim_IsNotBetterThanItself()
    {
        var claim = new AddressClaim(s_address, TestPeers.Create(1), IsAutomatic: false);
        Assert.False(claim.IsBetterThan(claim, s_key));
    }

    [Fact]
    public void TheRank_OfAnotherNetwork_IsAnother()
    {
        var claim = new AddressClaim(s_address, TestPeers.Create(1), IsAutomatic: true);
        var (ours, theirs) = (new byte[AddressClaim.RankLength], new byte[AddressClaim.RankLength]);

        claim.WriteRank(s_key, ours);
        claim.WriteRank(NetworkKey.FromSecret(new byte[NetworkKey.SecretLength]), theirs);

        Assert.Equal((1, 1), (ours[0], theirs[0]));
        Assert.NotEqual(ours, theirs);
        Assert.Throws<ArgumentException>(() => claim.WriteRank(s_key, new byte[AddressClaim.RankLength - 1]));
    }
}
