using System.Diagnostics;
using System.Runtime.CompilerServices;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>The script of the sample, which signs with tools that everybody has.</summary>
public sealed class LeaseScriptTests : IDisposable
{
    private static readonly string[] s_tools = ["bash", "curl", "openssl", "xxd", "bc"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("subnetvpn-script-");

    [Fact]
    public async Task Script_LeasesAndReleases()
    {
        Assert.SkipUnless(s_tools.All(IsInstalled), $"Needs {string.Join(", ", s_tools)}.");
        var file = Path.Combine(_folder.FullName, "identity.key");
        using var identity = IdentityFile.Create(file);
        await using var server = await RunningLeaseServer.StartAsync(_folder.FullName, TimeProvider.System);

        var leased = await RunAsync(file, "PUT", $"{server.Url}v1/networks/default/leases/10.0.0.7");
        var holder = server.HolderOf("10.0.0.7");
        var other = await RunAsync(file, "POST", $"{server.Url}v1/networks/default/leases", """{"subnet": "fd00::/64"}""");
        var released = await RunAsync(file, "DELETE", $"{server.Url}v1/networks/default/leases/10.0.0.7");

        Assert.EndsWith("\n201\n", leased, StringComparison.Ordinal);
        Assert.Equal(identity.Id, holder);
        Assert.Contains("\"address\":\"fd00::1\"", other, StringComparison.Ordinal);
        Assert.Equal(("\n204\n", (PeerId?)null), (released, server.HolderOf("10.0.0.7")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [ScriptPath(), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }

    private static string ScriptPath([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../samples/LeaseServer/lease.sh"));
}
