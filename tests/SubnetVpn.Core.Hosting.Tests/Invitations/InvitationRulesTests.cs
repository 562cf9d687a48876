using SubnetVpn.Core.Hosting.Invitations;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Invitations;

/// <summary>Whole tokens that want what must not be.</summary>
public sealed class InvitationRulesTests
{
    public static TheoryData<string, string, string> Wishes => new()
    {
        { "network", "off ice", "the network's name" },
        { "network", "office:\n  x: y", "the network's name" },
        { "network", "office\n", "the network's name" },
        { "protocol", "/kad\n", "the protocol id" },
        { "network", "", "the network's name" },
        { "secret", "31", "no network key" },
        { "secret", "0", "no network key" },
        { "subnet", "0.0.0.0/0", "not a private one" },
        { "subnet", "128.0.0.0/1", "not a private one" },
        { "subnet", "8.8.8.0/24", "not a private one" },
        { "subnet", "8.0.0.0/6", "not a private one" },
        { "subnet", "10.1.2.3/32", "no room" },
        { "subnet", "fd00::/64", "wrong family" },
        { "subnet6", "2000::/3", "not a private one" },
        { "subnet6", "10.0.0.0/8", "wrong family" },
        { "protocol", "kad", "the protocol id" },
        { "protocol", "/kad\"]\nnode: {}", "the protocol id" },
        { "bootstrap", "/ip4/192.0.2.1/tcp/0", "a port other than 0" },
        { "bootstrap", "/ip4/192.0.2.999/tcp/4001", "is not an IPv4 address" },
        { "bootstrap", "/ip4/192.0.2.1/tcp/4001 \n  evil: true", "must be a multiaddress" },
        { "bootstrap", "/unix/etc/passwd", "must say where" },
        { "inviter", "8.8.8.8", "not one of a private network" },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public void TryDecode_TokenWithAWrongWish_IsRefused(string what, string value, string words)
    {
        var invitation = Change(what, value);

        var fault = InvitationToken.TryDecode(InvitationTokens.Seal(invitation), out var read, out var mistake);
        var refusal = Assert.Throws<VpnException>(() => InvitationToken.Encode(invitation));

        Assert.Equal(InvitationFault.Unusable, fault);
        Assert.Null(read);
        Assert.Contains(words, mistake, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mistake!);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "expired 0 ms ago")]
    [InlineData(3 * 3600, "expired 3 h 0 min ago, on 2026-11-22 12:00 UTC (it is 2026-11-22 15:00 UTC")]
    [InlineData(50 * 86400, "expired 50 d 0 h ago")]
    public void FindMistake_AtATime_TellsWhetherItExpired(int secondsAfter, string? expected)
    {
        var mistake = InvitationExpiry.FindMistake(TestInvitations.Full, TestInvitations.Expiry.AddSeconds(secondsAfter));

        if (expected is null)
            Assert.Null(mistake);
        else
            Assert.Contains(expected, mistake, StringComparison.Ordinal);
    }

    private static Invitation Change(string what, string value) => what switch
    {
        "network" => TestInvitations.Full with { Network = value },
        "secret" => TestInvitations.Full with { Secret = new byte[int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)] },
        "subnet" => TestInvitations.Full with { Subnet = IpPrefix.Parse(value) },
        "subnet6" => TestInvitations.Full with { Subnet6 = IpPrefix.Parse(value) },
        "protocol" => TestInvitations.Full with { DhtProtocol = value },
        "bootstrap" => TestInvitations.Full with { Bootstrap = [$"{value}/p2p/{TestInvitations.Peer}"] },
        _ => TestInvitations.Full with { Inviter = [VirtualIp.Parse(value)] },
    };
}
