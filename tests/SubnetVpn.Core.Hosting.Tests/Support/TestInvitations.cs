using SubnetVpn.Core.Hosting.Invitations;

namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>Invitations to a made-up network.</summary>
internal static class TestInvitations
{
    public const string Peer = "12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG";
    public const string OtherPeer = "12D3KooWQDhzESXLScnRhZuUiBvHGSiKWMLMkfTvwfqi2rAeoaTn";

    public static DateTimeOffset Expiry { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static Invitation Full { get; } = new()
    {
        Network = "office",
        Secret = Enumerable.Range(1, 32).Select(number => (byte)number).ToArray(),
        Subnet = IpPrefix.Parse("10.20.30.0/24"),
        Subnet6 = IpPrefix.Parse("fd00:20:30::/64"),
        Bootstrap = [$"/ip4/192.0.2.1/tcp/4001/p2p/{Peer}", $"/ip6/2001:db8::1/tcp/4001/p2p/{Peer}", $"/dns4/vpn.example.org/tcp/4001/p2p/{OtherPeer}"],
        DhtProtocol = "/office/kad/1.0.0",
        Inviter = [VirtualIp.Parse("10.20.30.7"), VirtualIp.Parse("fd00:20:30::7")],
        ExpiresAt = Expiry,
    };

    public static Invitation Least { get; } = new() { Network = "default", Secret = new byte[32], ExpiresAt = Expiry };
}
