using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Hosting;

namespace SubnetVpn.Libp2p.Tests.Hosting;

/// <summary>Two hosts on loopback; the server listens.</summary>
internal sealed class HostPair : IAsyncDisposable
{
    public const string Protocol = "/test/1.0.0";

    private HostPair(Libp2pHost client, Libp2pHost server)
    {
        Client = client;
        Server = server;
    }

    public Libp2pHost Client { get; }

    public Libp2pHost Server { get; }

    public IReadOnlyList<Multiaddr> ServerAddresses => Server.ListenAddresses;

    public static Libp2pHost NewHost(Action<Libp2pOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new Libp2pOptions();
        configure?.Invoke(options);
        return new Libp2pHost(new TestIdentity(), options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
    }

    public static async Task<HostPair> StartAsync(
        Action<Libp2pOptions>? configure = null, TimeProvider? time = null, Action<Libp2pOptions>? configureServer = null)
    {
        var pair = new HostPair(NewHost(configure, time), NewHost(configureServer ?? configure, time));
        await pair.Server.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        return pair;
    }

    public Task<OpenStreamResult> TryOpenAsync(int lane = 0, params string[] protocols) => Client.OpenStreamAsync(
        Server.PeerId, ServerAddresses, protocols.Length == 0 ? [Protocol] : protocols, lane, TestContext.Current.CancellationToken);

    public async Task<Libp2pStream> OpenAsync(int lane = 0, params string[] protocols)
    {
        OpenStreamResult result = await TryOpenAsync(lane, protocols);
        Assert.True(result.Stream is not null, $"{result.Failure}: {result.Detail}");
        return result.Stream;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
