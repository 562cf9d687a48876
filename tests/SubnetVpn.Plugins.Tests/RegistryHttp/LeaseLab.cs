using SubnetVpn.Registry.Http;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>A lease server, nodes that ask it, and a clock that all of them go by.</summary>
internal sealed class LeaseLab : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _held = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("subnetvpn-leases-");

    public ManualTimeProvider Time { get; } = new();

    public RunningLeaseServer Server { get; private set; } = null!;

    public string Folder => _folder.FullName;

    public static async Task<LeaseLab> StartAsync(params string[] settings)
    {
        var lab = new LeaseLab();
        lab.Server = await RunningLeaseServer.StartAsync(lab.Folder, lab.Time, settings);
        return lab;
    }

    /// <summary>Ends the server and starts it again, on another port.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        await Server.DisposeAsync();
        Server = await RunningLeaseServer.StartAsync(Folder, Time, settings);
    }

    public LeaseNode CreateNode(string address = "10.0.0.1", string? serverKey = null, TimeProvider? time = null, HttpRegistryOptions? options = null)
    {
        var node = new LeaseNode(VirtualIp.Parse(address), options ?? new HttpRegistryOptions { Url = Server.Url, ServerKey = serverKey ?? Server.PublicKey }, time ?? Time);
        _held.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held)
            await held.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
