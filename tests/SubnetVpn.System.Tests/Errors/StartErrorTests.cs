using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Errors;

/// <summary>What a machine can refuse a node that is configured well.</summary>
public sealed class StartErrorTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Start_PortInUse_NamesTheAddress()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        using var other = node.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(node.ListenEndPoint);
        other.Listen();

        await AssertRefusedAsync(node, node.Launch(), node.ListenEndPoint.Port.ToString(), "in use");
    }

    [Fact]
    public async Task Start_AddressOfNoInterface_NamesTheAddress()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        await node.Machine.Namespace.IpAsync("address flush dev eth0");

        await AssertRefusedAsync(node, node.Launch(), node.ListenEndPoint.Address.ToString());
    }

    [Fact]
    public async Task Start_VirtualIpOnTheHostAlready_NamesItAndTheInterface()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        await node.Machine.Namespace.IpAsync($"address add {node.VirtualIp}/24 dev eth0");

        await AssertRefusedAsync(node, node.Launch(), node.VirtualIp.ToString(), "eth0");

        Assert.DoesNotContain("tun", await node.Machine.Namespace.IpAsync("-o link show type tun"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RouteOfAnotherDevice_NamesBoth()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync(settings => settings with { Vpn = ["routes: [\"10.79.0.0/16\"]"] });
        await node.Machine.Namespace.IpAsync("route add 10.79.0.0/16 dev eth0");

        await AssertRefusedAsync(node, node.Launch(), "10.79.0.0/16", "eth0");

        Assert.Equal("", (await node.Machine.Namespace.IpAsync("-o link show type tun")).Trim());
    }

    [Fact]
    public async Task Start_WithoutRoot_SaysWhatItNeeds()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        using var product = ProductForAll.Create();
        await GiveToNobodyAsync(lab, node);

        await using var process = StartAsNobody(node, product);

        await AssertRefusedAsync(node, process, "CAP_NET_ADMIN");
    }

    [Fact]
    public async Task Start_IdentityOfAnotherUser_NamesTheFile()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        using var product = ProductForAll.Create();
        await GiveToNobodyAsync(lab, node);
        (await Exec.RunAsync("chown", "0:0", node.IdentityPath)).EnsureSuccess();

        await using var process = StartAsNobody(node, product);

        await AssertRefusedAsync(node, process, node.IdentityPath);
    }

    [Fact]
    public async Task Start_NoTunDevice_SaysHowToGetIt()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        node.WriteConfiguration();

        await using var process = node.Machine.Namespace.Start(
            "unshare", "-m", "sh", "-c", $"mount -t tmpfs none /dev/net && exec {Repository.Daemon} --config {node.ConfigurationPath}");

        await AssertRefusedAsync(node, process, "/dev/net/tun", "modprobe tun");
    }

    [Fact]
    public async Task Start_SocketOfARunningNode_NamesIt()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (node, _) = await lab.AddPairAsync();
        await node.StartAsync();

        await using var second = node.Machine.Namespace.Start(Repository.Daemon, "--config", node.ConfigurationPath);

        await AssertRefusedAsync(node, second, node.SocketPath);
        Assert.Equal(0, (await node.CliAsync("status")).ExitCode);
    }

    private static LabProcess StartAsNobody(LabNode node, ProductForAll product) => node.Machine.Namespace.Start(
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", product.Daemon, "--config", node.ConfigurationPath);

    // The user nobody gets the node's files and may write to its folder.
    private static async Task GiveToNobodyAsync(Lab lab, LabNode node)
    {
        node.WriteConfiguration();
        (await Exec.RunAsync("chown", "-R", "65534:65534", lab.Folder)).EnsureSuccess();
    }

    private async Task AssertRefusedAsync(LabNode node, LabProcess process, params string[] expected)
    {
        var result = new ExecResult("subnetvpnd", await process.WaitForExitAsync(), "", process.Said);

        output.WriteLine(result.Error);
        ErrorMessage.AssertClear(result, exitCode: 1, expected);
        Assert.DoesNotContain(node.Machine.Namespace.Name, result.Error, StringComparison.Ordinal);
    }
}
