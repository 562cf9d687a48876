using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Core.Hosting.Setup;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Setup;

public sealed class NodeSetupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeFiles _files;

    public NodeSetupTests() => _files = NodeFiles.For(_folder.File("node/node.yaml"));

    public static TheoryData<string> Kinds => ["first", "named", "newcomer", "newcomer without IPv4", "fixed"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Write_NewNode_PassesWhatCheckDoes(string kind)
    {
        using var services = new TestServices();
        var wanted = Make(kind);

        var peer = NodeSetup.Write(wanted, _files, default, overwrite: false);
        TestContext.Current.TestOutputHelper?.WriteLine(File.ReadAllText(_files.Configuration));
        using var plan = NodePlan.Make(new ConfigurationInputs { File = _files.Configuration });
        await using var node = new SubnetVpnNode(plan, services.Node);
        await node.CheckAsync();

        var network = Assert.Single(plan.Configuration.Networks);
        Assert.Equal((wanted.Network, true), (network.Name, network.Settings.NetworkKey!.IsSecret));
        Assert.Equal(["dht", "mdns"], network.Strategies.Discovery);
        Assert.Equal(wanted.Listen, plan.Configuration.Listen);
        Assert.Equal(wanted.Bootstrap, plan.Configuration.Root.GetSection("plugins:discovery.dht:bootstrap").GetChildren().Select(child => child.Value!));
        using var identity = IdentityFile.Load(_files.Identity);
        Assert.Equal(identity.Id, peer);
        Assert.Equal(["identity.key", "network.key", "node.yaml"], Directory.GetFiles(_files.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Write_Secrets_AreTheOwnersAlone()
    {
        NodeSetup.Write(Make("first"), _files, default, overwrite: false);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Unix.GetMode(_files.Identity));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Unix.GetMode(_files.NetworkKey));
    }

    [Fact]
    public void Write_KeyOfAnotherMember_IsKept()
    {
        byte[] secret = [.. Enumerable.Range(7, NetworkKey.SecretLength).Select(number => (byte)number)];

        NodeSetup.Write(Make("newcomer"), _files, secret, overwrite: false);

        Assert.Equal(NetworkKey.FromSecret(secret), NetworkKeyFile.Load(_files.NetworkKey));
    }

    [Theory]
    [InlineData("node.yaml")]
    [InlineData("identity.key")]
    [InlineData("network.key")]
    public void Write_OneFileIsThere_TouchesNothing(string name)
    {
        var file = _folder.Write($"node/{name}", "mine");

        var fault = Assert.Throws<VpnException>(() => NodeSetup.Write(Make("first"), _files, default, overwrite: false));

        Assert.Equal(VpnErrorReason.Configuration, fault.Reason);
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
        Assert.Contains("--force", fault.Message, StringComparison.Ordinal);
        Assert.Equal([name], Directory.GetFiles(_files.Folder).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void Write_Forced_ReplacesAll()
    {
        var first = NodeSetup.Write(Make("first"), _files, default, overwrite: false);
        var key = NetworkKeyFile.Load(_files.NetworkKey);

        var second = NodeSetup.Write(Make("named"), _files, default, overwrite: true);

        Assert.NotEqual(first, second);
        Assert.NotEqual(key, NetworkKeyFile.Load(_files.NetworkKey));
        Assert.Contains("office:", File.ReadAllText(_files.Configuration), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ForcedAndWrong_KeepsWhatWasThere()
    {
        NodeSetup.Write(Make("first"), _files, default, overwrite: false);
        var before = ReadAll();

        // Seen only when all is written.
        Assert.ThrowsAny<VpnException>(() => NodeSetup.Write(Make("first") with { VirtualIp = "10.20.30.0" }, _files, default, overwrite: true));

        Assert.Equal(before, ReadAll());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Unix.GetMode(_files.NetworkKey));

        List<(string, string)> ReadAll() => [.. Directory.GetFiles(_files.Folder).Order().Select(static file => (file, File.ReadAllText(file)))];
    }

    [Theory]
    [InlineData("Office", "auto", "/ip4/0.0.0.0/tcp/4001", "no name for a network")]
    [InlineData("office", "10.20.31.1", "/ip4/0.0.0.0/tcp/4001", "must be an address in 10.20.30.0/24")]
    [InlineData("office", "soon", "/ip4/0.0.0.0/tcp/4001", "must be an address in 10.20.30.0/24")]
    [InlineData("office", "10.20.30.0", "/ip4/0.0.0.0/tcp/4001", "is the network address")]
    [InlineData("office", "auto", "0.0.0.0:4001", "must be a multiaddress")]
    [InlineData("office", "auto", "/dns4/a\"b/tcp/4001", "no address has")]
    public void Write_WrongWish_LeavesNothing(string network, string address, string listen, string words)
    {
        var node = Make("first") with { Network = network, VirtualIp = address, Listen = [listen] };

        var fault = Assert.ThrowsAny<VpnException>(() => NodeSetup.Write(node, _files, default, overwrite: false));

        Assert.Equal(VpnErrorReason.Configuration, fault.Reason);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.True(!Directory.Exists(_files.Folder) || Directory.GetFiles(_files.Folder).Length == 0);
    }

    [Theory]
    [InlineData("10.20.30.0/24", null)]
    [InlineData("192.168.4.0/22", null)]
    [InlineData("10.20.30.1/24", "must be an IPv4 network")]
    [InlineData("10.20.30.0", "must be an IPv4 network")]
    [InlineData("10.20.30.0/31", "must be an IPv4 network")]
    [InlineData("fd00::/64", "must be an IPv4 network")]
    [InlineData("8.8.8.0/24", "not a private one")]
    [InlineData("0.0.0.0/0", "not a private one")]
    public void ReadSubnet_Text_IsAPrivateRangeOrTold(string text, string? words)
    {
        if (words is null)
            Assert.Equal(text, SetupRules.ReadSubnet(text).ToString());
        else
            Assert.Contains(words, Assert.Throws<VpnException>(() => SetupRules.ReadSubnet(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FolderWithALongName_TakesTheUsualSocket()
    {
        var files = NodeFiles.For(_folder.File($"{new string('x', 100)}/node.yaml"));

        NodeSetup.Write(Make("first"), files, default, overwrite: false);

        Assert.Equal(ControlSocketPath.Default, ConfigurationLoader.FindControlSocket(new ConfigurationInputs { File = files.Configuration }));
    }

    public void Dispose() => _folder.Dispose();

    private static NewNode Make(string kind)
    {
        var node = new NewNode { MadeBy = "a test", Subnet = IpPrefix.Parse("10.20.30.0/24") };
        var bootstrap = TestInvitations.Full.Bootstrap;
        return kind switch
        {
            "named" => node with { Network = "office" },
            "newcomer" => node with { Network = "office", Subnet6 = IpPrefix.Parse("fd00:20:30::/64"), Bootstrap = bootstrap, DhtProtocol = "/office/kad/1.0.0" },
            "newcomer without IPv4" => node with { Subnet = null, Bootstrap = bootstrap },
            "fixed" => node with { VirtualIp = "10.20.30.9", Listen = ["/ip4/127.0.0.1/tcp/0"] },
            _ => node,
        };
    }
}
