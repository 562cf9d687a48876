using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Filtering;
using SubnetVpn.Core.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.Tun;
using static SubnetVpn.Core.Tests.Routing.Mappings;

namespace SubnetVpn.Core.Tests.Routing;

public sealed class RoutePlanTests
{
    private static readonly LocalAddresses s_local = new([new TunAddress(VirtualIp.Parse("10.0.0.1"), 24)]);

    [Theory]
    [InlineData(MappingTrust.Signed, MappingTrust.Hearsay)]
    [InlineData(MappingTrust.Member, MappingTrust.Signed)]
    [InlineData(MappingTrust.Authoritative, MappingTrust.Member)]
    public void Add_SameAddress_TheMoreTrustedHoldsItWhicheverCame(MappingTrust more, MappingTrust less)
    {
        var trusted = Make(Two, "a", more, "10.0.0.9");
        var claim = Make(Three, "b", less, "10.0.0.9");

        foreach (var plan in new[] { Plan(trusted, claim), Plan(claim, trusted) })
        {
            Assert.Equal(Two, Find(plan, "10.0.0.9"));
            Assert.Equal(new RefusedClaim(IpPrefix.Parse("10.0.0.9/32"), Three, "b", less, MappingRefusal.LessTrusted, Two), Assert.Single(plan.Refused));
        }
    }

    [Theory]
    [InlineData(MappingTrust.Hearsay)]
    [InlineData(MappingTrust.Authoritative)]
    public void Add_SameAddressAsTrusted_TheFirstHoldsIt(MappingTrust trust)
    {
        var plan = Plan(Make(Two, "a", trust, "10.0.0.9"), Make(Three, "b", trust, "10.0.0.9"));

        Assert.Equal(Two, Find(plan, "10.0.0.9"));
        Assert.Equal((MappingRefusal.HeldAlready, Two), Assert.Single(plan.Refused.Select(static claim => (claim.Reason, claim.Holder!.Value))));
    }

    [Fact]
    public void Add_SamePeerByTwoSources_IsNoConflict()
    {
        var plan = Plan(Make(Two, "a", MappingTrust.Signed, "10.0.0.9"), Make(Two, "b", MappingTrust.Authoritative, "10.0.0.9"));

        Assert.Empty(plan.Refused);
        Assert.Equal("b", plan.Routes[IpPrefix.Parse("10.0.0.9/32")].Source);
    }

    [Fact]
    public void Add_AddressInASubnetOfAMoreTrusted_IsRefused()
    {
        var plan = Plan(Make(Three, "b", MappingTrust.Member, "192.168.7.9"), Make(Two, "a", MappingTrust.Authoritative, "192.168.7.0/24"));

        Assert.Equal(Two, Find(plan, "192.168.7.9"));
        Assert.Equal((MappingRefusal.LessTrusted, Two), Assert.Single(plan.Refused.Select(static claim => (claim.Reason, claim.Holder!.Value))));
    }

    [Fact]
    public void Add_AddressInASubnetAsTrusted_TheLongerPrefixHoldsIt()
    {
        var plan = Plan(Make(Two, "a", MappingTrust.Authoritative, "192.168.7.0/24"), Make(Three, "b", MappingTrust.Authoritative, "192.168.7.9", "192.168.7.128/25"));

        Assert.Empty(plan.Refused);
        Assert.Equal((Two, Three, Three), (Find(plan, "192.168.7.8"), Find(plan, "192.168.7.9"), Find(plan, "192.168.7.200")));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/24")]
    [InlineData("192.168.7.9/32")]
    public void Add_SubnetOrStrangeAddress_TakesAMember(string prefix)
    {
        var signed = Plan(Make(Two, "a", MappingTrust.Signed, prefix, "10.0.0.2"));
        var member = Plan(Make(Two, "a", MappingTrust.Member, prefix, "10.0.0.2"));

        Assert.Equal(MappingRefusal.NotTrusted, Assert.Single(signed.Refused).Reason);
        Assert.Equal(["10.0.0.2/32"], signed.Routes.Keys.Select(static route => route.ToString()));
        Assert.Empty(member.Refused);
    }

    [Fact]
    public void Add_OurAddressOrUs_IsRefused()
    {
        var plan = Plan(Make(Two, "a", MappingTrust.Authoritative, "10.0.0.1"), Make(Self, "b", MappingTrust.Authoritative, "10.0.0.9"));

        Assert.Empty(plan.Routes);
        Assert.Equal([MappingRefusal.OurAddress, MappingRefusal.NamesThisNode], plan.Refused.Select(static claim => claim.Reason));
    }

    [Theory]
    [InlineData(MappingTrust.Hearsay)]
    [InlineData(MappingTrust.Signed)]
    public void Add_StrangerInANetworkWithoutAKey_IsRefused(MappingTrust trust)
    {
        var plan = PlanWithoutKey(Make(Two, "a", trust, "10.0.0.2"), Make(Three, "b", MappingTrust.Member, "10.0.0.3"));

        Assert.Equal(["10.0.0.3/32"], plan.Routes.Keys.Select(static route => route.ToString()));
        Assert.Equal(new RefusedClaim(IpPrefix.Parse("10.0.0.2/32"), Two, "a", trust, MappingRefusal.NotAMember, null), Assert.Single(plan.Refused));
    }

    [Fact]
    public void Add_ListedPeerInANetworkWithoutAKey_HoldsWhatIsListedAlone()
    {
        var plan = PlanWithoutKey(Make(Two, "mdns", MappingTrust.Hearsay, "10.0.0.2", "10.0.0.9"), Make(Two, "static", MappingTrust.Authoritative, "10.0.0.2"));

        Assert.Equal(["10.0.0.2/32"], plan.Routes.Keys.Select(static route => route.ToString()));
        Assert.Equal((IpPrefix.Parse("10.0.0.9/32"), MappingRefusal.NotAMember), Assert.Single(plan.Refused.Select(static claim => (claim.Prefix, claim.Reason))));
    }

    private static RoutePlan Plan(params PeerMapping[] mappings) => new(Self, s_local, isRegistered: false, takesUnlisted: true, mappings);

    private static RoutePlan PlanWithoutKey(params PeerMapping[] mappings) => new(Self, s_local, isRegistered: false, takesUnlisted: false, mappings);

    private static PeerId? Find(RoutePlan plan, string address) => plan.TryFind(VirtualIp.Parse(address), out _, out var mapping) ? mapping.Peer : null;
}
