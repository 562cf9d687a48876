using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Invitations;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Invitations;

public sealed class InvitationMakerTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly string _peer;
    private readonly byte[] _secret = new byte[NetworkKey.SecretLength];

    public InvitationMakerTests()
    {
        using var identity = IdentityFile.Create(_folder.File("a.key"));
        _peer = identity.Id.ToString();
        NetworkKeyFile.Create(_folder.File("network.key"));
        NetworkKeyFile.Read(_folder.File("network.key"), _secret);
    }

    [Fact]
    public void Make_RunningNode_TellsWhereItIs()
    {
        var status = Status("/ip4/127.0.0.1/tcp/4001", "/ip4/192.0.2.7/tcp/4001", "/ip6/fe80::1/tcp/4001", "/ip6/2001:db8::7/tcp/4001");

        var invitation = Make(Configuration(), status);

        Assert.Equal(("default", IpPrefix.Parse("10.77.0.0/24"), null), (invitation.Network, invitation.Subnet!.Value, invitation.Subnet6));
        Assert.Equal(_secret, invitation.Secret.ToArray());
        Assert.Equal([$"/ip4/192.0.2.7/tcp/4001/p2p/{_peer}", $"/ip6/2001:db8::7/tcp/4001/p2p/{_peer}"], invitation.Bootstrap);
        Assert.Equal([VirtualIp.Parse("10.77.0.1")], invitation.Inviter);
        Assert.Equal(s_now.AddHours(24), invitation.ExpiresAt);
        Assert.InRange(InvitationToken.Encode(invitation).Length, 100, InvitationToken.MaxLength);
    }

    [Fact]
    public void Make_AddressesOfTheUser_AreTakenInstead()
    {
        var other = $"/dns4/vpn.example.org/tcp/9/p2p/{TestInvitations.OtherPeer}";

        var invitation = Make(Configuration(), null, "/ip4/203.0.113.1/tcp/4001", other);

        Assert.Equal([$"/ip4/203.0.113.1/tcp/4001/p2p/{_peer}", other], invitation.Bootstrap);
        Assert.Empty(invitation.Inviter);
    }

    [Fact]
    public void Make_NodeThatDoesNotRun_TellsWhatItsConfigurationSays()
    {
        var invitation = Make(Configuration(listen: "/ip4/198.51.100.3/tcp/4001"), null);

        Assert.Equal([$"/ip4/198.51.100.3/tcp/4001/p2p/{_peer}"], invitation.Bootstrap);
    }

    [Fact]
    public void Make_NodeThatDoesNotRunAndListensAnywhere_NamesTheMachinesAddresses()
    {
        var invitation = Make(Configuration(listen: "/ip4/0.0.0.0/tcp/4001"), null);

        Assert.NotEmpty(invitation.Bootstrap);
        Assert.All(invitation.Bootstrap, address => Assert.Matches($"^/ip4/[0-9.]+/tcp/4001/p2p/{_peer}$", address));
        Assert.DoesNotContain(invitation.Bootstrap, address => address.Contains("0.0.0.0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("network_key: open", "discovery: [static, mdns]", "is open")]
    [InlineData("mtu: 1400", "discovery: [static, mdns]", "subnetvpn keygen --network")]
    [InlineData("network_key: network.key", "discovery: [static]", "would not find a newcomer")]
    public void Make_NetworkOneCannotBeInvitedTo_SaysWhy(string key, string discovery, string words)
    {
        var fault = Assert.Throws<VpnException>(() => Make(Configuration(key, discovery), Status("/ip4/192.0.2.7/tcp/4001")));

        Assert.Equal(VpnErrorReason.Configuration, fault.Reason);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_PortThatNobodyKnows_SaysWhy()
    {
        var fault = Assert.Throws<VpnException>(() => Make(Configuration(listen: "/ip4/127.0.0.1/tcp/0"), null));

        Assert.Contains("subnetvpn start", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ip4/203.0.113.1", "must say where")]
    [InlineData("203.0.113.1:4001", "must be a multiaddress")]
    [InlineData("/ip4/203.0.113.1/tcp/4001/p2p/nobody", "the peer's id")]
    public void Make_WrongAddressOfTheUser_IsNamed(string address, string words)
    {
        var fault = Assert.Throws<VpnException>(() => Make(Configuration(), null, address));

        Assert.Contains($"--address '{address}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20 * 366 * 24)]
    public void Make_LifetimeThatMakesNoSense_IsRefused(int hours)
    {
        var request = new InvitationRequest { Lifetime = TimeSpan.FromHours(hours) };

        var fault = Assert.Throws<VpnException>(() => InvitationMaker.Make(Load(Configuration()), null, request, s_now));

        Assert.Contains("--expires", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_SeveralNetworks_AsksWhich()
    {
        var configuration = Configuration().Replace("vpn:\n", "networks:\n  lab: { virtual_ip: 10.78.0.1, subnet: 10.78.0.0/24 }\n  office:\n", StringComparison.Ordinal).Replace("\n  ", "\n    ", StringComparison.Ordinal)
            .Replace("\n    lab", "\n  lab", StringComparison.Ordinal).Replace("\n    office", "\n  office", StringComparison.Ordinal);

        var fault = Assert.Throws<VpnException>(() => Make(configuration, null));

        Assert.Contains("--network NAME", fault.Message, StringComparison.Ordinal);
        Assert.Contains("lab, office", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Configuration(string key = "network_key: network.key", string discovery = "discovery: [static, mdns]", string listen = "/ip4/127.0.0.1/tcp/4001") => $$"""
        node: { identity: a.key, listen: ["{{listen}}"] }
        vpn:
          virtual_ip: 10.77.0.1
          subnet: 10.77.0.0/24
          {{key}}
          strategies: { {{discovery}} }
        """;

    private static NodeStatus StatusOf(string peer, string[] announced) => new()
    {
        PeerId = peer,
        Version = "0",
        State = "running",
        Pid = 1,
        ListenAddresses = [],
        AnnouncedAddresses = announced,
        Networks =
        [
            new NetworkStatus
            {
                Name = "default",
                State = "running",
                VirtualIps = ["10.77.0.1/24"],
                Mtu = 1400,
                Offloads = [],
                Peers = new PeerCount(0, 0),
                Counters = Core.Hosting.Control.Reports.StatusReport.MakeCounters(new VpnMetricsSnapshot()),
            },
        ],
        Transport = new TransportStatus { Name = "libp2p", Connections = 0, Counters = new Dictionary<string, long>() },
    };

    private NodeStatus Status(params string[] announced) => StatusOf(_peer, announced);

    private NodeConfiguration Load(string configuration) => ConfigurationLoader.Load(new ConfigurationInputs { File = _folder.Write("node.yaml", configuration) });

    private Invitation Make(string configuration, NodeStatus? status, params string[] addresses) =>
        InvitationMaker.Make(Load(configuration), status, new InvitationRequest { Lifetime = TimeSpan.FromHours(24), Addresses = addresses }, s_now);
}
