using LeaseServer;
using LeaseServer.Leases;
using LeaseServer.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>The sample's server, on a free port of the loopback device.</summary>
internal sealed class RunningLeaseServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningLeaseServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public LeaseBook Book => _app.Services.GetRequiredService<LeaseBook>();

    public LeaseNetwork Network => _app.Services.GetRequiredService<IReadOnlyDictionary<string, LeaseNetwork>>()["default"];

    public string PublicKey => _app.Services.GetRequiredService<ServerKey>().Public;

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="settings">More settings, as on its command line.</param>
    public static async Task<RunningLeaseServer> StartAsync(string folder, TimeProvider time, params string[] settings)
    {
        var app = LeaseApplication.Create(
            [
                "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error",
                $"--Leases:File={Path.Combine(folder, "leases.json")}", $"--Leases:KeyFile={Path.Combine(folder, "server.key")}",
                "--Leases:Networks:default:Subnets:1=fd00::/64",
                .. settings,
            ],
            time);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningLeaseServer(app);
    }

    /// <summary>Gives a peer an address, as if it had asked for it.</summary>
    public LeaseVerdict Give(string address, PeerId peer) => Book.Request(Network, VirtualIp.Parse(address), peer).Verdict;

    public PeerId? HolderOf(string address) => Book.Find(Network, VirtualIp.Parse(address))?.Peer;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
