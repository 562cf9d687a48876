using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Errors;

/// <summary>Mistakes in the configuration: found before anything starts, with or without root.</summary>
public sealed class ConfigurationErrorTests(ITestOutputHelper output)
{
    private const string Valid = """
        node:
          identity: identity.key
          listen: ["/ip4/127.0.0.1/tcp/0"]
        control:
          socket: control.sock
        vpn:
          virtual_ip: 10.77.0.1
          subnet: 10.77.0.0/24
          mtu: 1400
          strategies: { transport: libp2p, discovery: [static], tun: memory, scheduler: sticky, resilience: polly }
        plugins:
          discovery.static:
            peers: []

        """;

    public static TheoryData<string, string, string, string[]> Mistakes => new()
    {
        { "unknown key", "  mtu: 1400", "  mtuu: 1400", ["vpn:mtuu", "mtu"] },
        { "unknown section", "control:", "controll:", ["controll", "control"] },
        { "unknown key of a plugin", "    peers: []", "    peerss: []", ["discovery.static", "peerss", "peers"] },
        { "bad CIDR", "10.77.0.0/24", "10.77.0.0/33", ["subnet", "10.77.0.0/33"] },
        { "bad address", "virtual_ip: 10.77.0.1", "virtual_ip: 10.77.0.256", ["virtual_ip", "10.77.0.256"] },
        { "virtual IP outside its subnet", "virtual_ip: 10.77.0.1", "virtual_ip: 10.78.0.1", ["virtual_ip", "10.78.0.1", "10.77.0.0/24"] },
        { "MTU too small", "mtu: 1400", "mtu: 100", ["mtu", "100", "576"] },
        { "MTU too large", "mtu: 1400", "mtu: 70000", ["mtu", "70000", "9000"] },
        { "MTU no number", "mtu: 1400", "mtu: large", ["mtu", "large"] },
        { "unknown strategy", "scheduler: sticky", "scheduler: stickky", ["stickky", "sticky"] },
        { "unknown transport", "transport: libp2p", "transport: pigeon", ["pigeon", "libp2p", "memory"] },
        { "bad listen address", "/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tpc/0", ["listen", "/ip4/127.0.0.1/tpc/0"] },
        { "bad YAML", "  subnet: 10.77.0.0/24", "  subnet: [10.77.0.0/24", ["node.yaml"] },
        { "missing plugins folder", "plugins:", "plugins:\n  directory: no-such-folder", ["no-such-folder"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Daemon_Mistake_SaysWhatAndWhereAndEndsWith2(string mistake, string right, string wrong, string[] expected)
    {
        using var folder = new ErrorFolder();
        Assert.Contains(right, Valid, StringComparison.Ordinal);

        foreach (var arguments in new string[][] { ["--check"], [] })
        {
            var result = await folder.RunDaemonAsync(Valid.Replace(right, wrong, StringComparison.Ordinal), arguments);

            output.WriteLine($"{mistake}: {result.Error}");
            ErrorMessage.AssertClear(result, exitCode: 2, [.. expected, "node.yaml"]);
        }
    }

    [Fact]
    public async Task Check_SeveralMistakes_NamesAllAtOnce()
    {
        using var folder = new ErrorFolder();

        var result = await folder.RunDaemonAsync(
            Valid.Replace("mtu: 1400", "mtu: 100", StringComparison.Ordinal).Replace("subnet: 10.77.0.0/24", "subnet: 10.77.0.0/99", StringComparison.Ordinal),
            "--check");

        ErrorMessage.AssertClear(result, exitCode: 2, "mtu", "10.77.0.0/99");
    }

    [Fact]
    public async Task Check_ValidConfiguration_EndsWith0()
    {
        using var folder = new ErrorFolder();

        var result = await folder.RunDaemonAsync(Valid, "--check");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(Directory.GetFiles(folder.FolderPath, "*.sock"));
    }

    [Fact]
    public async Task Daemon_NoConfiguration_NamesTheFile()
    {
        using var folder = new ErrorFolder();

        var result = await Exec.RunAsync(Repository.Daemon, "--config", Path.Combine(folder.FolderPath, "absent.yaml"));

        ErrorMessage.AssertClear(result, exitCode: 2, "absent.yaml");
    }

    [Fact]
    public async Task Daemon_UnknownOption_EndsWith2()
    {
        var result = await Exec.RunAsync(Repository.Daemon, "--config", "node.yaml", "--confg");

        ErrorMessage.AssertClear(result, exitCode: 2, "--confg");
    }

    [Theory]
    [InlineData("{ \"id\": \"discovery.static\", ", "discovery.static")]
    [InlineData("{}", "id")]
    public async Task Daemon_BrokenManifest_NamesPluginFileAndMend(string manifest, string expected)
    {
        using var folder = new ErrorFolder();
        var own = folder.CopyPlugins(Valid);
        await File.WriteAllTextAsync(Path.Combine(folder.FolderPath, "plugins", "discovery.static", "plugin.json"), manifest, TestContext.Current.CancellationToken);

        var result = await folder.RunDaemonAsync(own);

        ErrorMessage.AssertClear(result, exitCode: 2, expected, Path.Combine("discovery.static", "plugin.json"));
    }

    [Fact]
    public async Task Daemon_PluginOfAnotherContract_NamesBothVersions()
    {
        using var folder = new ErrorFolder();
        var own = folder.CopyPlugins(Valid);
        var path = Path.Combine(folder.FolderPath, "plugins", "discovery.static", "plugin.json");
        var manifest = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, manifest.Replace("\"contract\": \"1.", "\"contract\": \"99.", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var result = await folder.RunDaemonAsync(own);

        ErrorMessage.AssertClear(result, exitCode: 2, "discovery.static", "99.");
    }

    [Fact]
    public async Task Daemon_IdentityOfOpenPermissions_SaysHowToCloseThem()
    {
        using var folder = new ErrorFolder();
        var path = Path.Combine(folder.FolderPath, "identity.key");
        (await Exec.RunAsync(Repository.Cli, "keygen", "--out", path)).EnsureSuccess();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var result = await folder.RunDaemonAsync(Valid);

        ErrorMessage.AssertClear(result, exitCode: null, path, "chmod 600");
    }

    [Theory]
    [InlineData("this is no key")]
    [InlineData("")]
    public async Task Daemon_UnreadableIdentity_NamesTheFile(string content)
    {
        using var folder = new ErrorFolder();
        var path = Path.Combine(folder.FolderPath, "identity.key");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var result = await folder.RunDaemonAsync(Valid);

        ErrorMessage.AssertClear(result, exitCode: null, path);
    }

    [Fact]
    public async Task Keygen_FileExists_KeepsIt()
    {
        using var folder = new ErrorFolder();
        var path = Path.Combine(folder.FolderPath, "identity.key");
        (await Exec.RunAsync(Repository.Cli, "keygen", "--out", path)).EnsureSuccess();
        var before = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

        var result = await Exec.RunAsync(Repository.Cli, "keygen", "--out", path);

        ErrorMessage.AssertClear(result, exitCode: null, path, "--force");
        Assert.Equal(before, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }
}
