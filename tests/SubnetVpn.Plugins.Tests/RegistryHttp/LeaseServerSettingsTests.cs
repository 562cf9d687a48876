using LeaseServer;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>A server with wrong settings does not start, and says what to mend.</summary>
public sealed class LeaseServerSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("subnetvpn-settings-");

    [Theory]
    [InlineData("--urls=http://0.0.0.0:0", "Leases:Authorities must name the host and port")]
    [InlineData("--urls=http://*:0", "Leases:Authorities must name the host and port")]
    [InlineData("--urls=http://[::]:0", "Leases:Authorities must name the host and port")]
    [InlineData("--Leases:Authorities:0=leases.example.org", "is no host with a port")]
    [InlineData("--Leases:Networks:default:Subnets:0=10.0.0.0/33", "'10.0.0.0/33' is no subnet")]
    [InlineData("--Leases:Networks:default:Reserved:0=me", "'me' is no address")]
    [InlineData("--Leases:Networks:default:Allow:0=me", "'me' is neither a peer id nor \"any\"")]
    [InlineData("--Leases:Networks:default:LeasesPerPeer=0", "LeasesPerPeer must be 1 or more")]
    [InlineData("--Leases:Networks:other:Subnets:0=10.0.0.0/24", "other:Allow must say who may lease")]
    [InlineData("--Leases:Networks:other:Allow:0=any", "other:Subnets must name one at least")]
    [InlineData("--Leases:Duration=00:00:00", "a Duration of a second or more")]
    public void Create_Wrong_SaysWhatToMend(string setting, string message)
    {
        var exception = Assert.Throws<LeaseServerException>(() => LeaseApplication.Create(
            ["--urls=http://127.0.0.1:0", $"--Leases:File={Path.Combine(_folder.FullName, "leases.json")}", $"--Leases:KeyFile={Path.Combine(_folder.FullName, "server.key")}", setting], TimeProvider.System));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_KeyFileIsWrong_SaysSo()
    {
        var key = Path.Combine(_folder.FullName, "server.key");
        File.WriteAllText(key, "c2hvcnQ=");

        var exception = Assert.Throws<LeaseServerException>(() => LeaseApplication.Create(["--urls=http://127.0.0.1:0", $"--Leases:KeyFile={key}"], TimeProvider.System));

        Assert.Contains("does not hold 32 bytes in base64", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
