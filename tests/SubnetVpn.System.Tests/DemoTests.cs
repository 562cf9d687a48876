using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary><c>subnetvpn demo</c>, as the README shows it.</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Demo_AsRoot_RunsOverRealTunDevicesAndCleansUp()
    {
        Requirements.Namespaces();
        var before = await StateAsync();

        var demo = await Exec.RunAsync(Repository.Cli, "demo");

        output.WriteLine(demo.ToString());
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("namespace", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("SHA-256", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Mbit/s", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("memory TUN", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Demo_WithoutRoot_RunsInOneProcessAndSaysSo()
    {
        Requirements.Namespaces();
        using var product = ProductForAll.Create();

        var demo = await Exec.RunAsync(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", $"HOME={product.Home}", $"TMPDIR={product.Home}", product.Cli, "demo");

        output.WriteLine(demo.ToString());
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("in one process", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("memory TUN", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("root", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Mbit/s", demo.Output, StringComparison.OrdinalIgnoreCase);
    }

    // What a demo could leave behind: namespaces, links, folders, processes.
    private static async Task<string> StateAsync()
    {
        var namespaces = (await Exec.RunAsync("ip", "netns", "list")).Output;
        var links = (await Exec.RunAsync("ip", "-o", "link")).Output.Split('\n').Select(line => line.Split(':').ElementAtOrDefault(1)?.Trim());
        var folders = Directory.GetDirectories(Path.GetTempPath(), "*subnetvpn*").Order();
        var daemons = (await Exec.RunAsync("ps", "-e", "-o", "comm=")).Output.Split('\n').Count(name => name.Trim() == "subnetvpnd");
        return string.Join('\n', [namespaces, .. links, .. folders, $"{daemons} daemons"]);
    }
}
