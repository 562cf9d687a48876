using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.TestKit.Discovery;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class MdnsConformanceTests : PeerDiscoveryConformance, IAsyncDisposable
{
    private readonly MdnsNodes _nodes = new();

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    protected override async ValueTask<IPeerDiscovery> CreateAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var discovery = _nodes.Add(1, new MdnsOptions { AcceptRoutes = true, LookupTimeout = TimeSpan.Zero }).Discovery;
        await using var watch = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        // It hears of each as it comes.
        foreach (var (index, known) in Known.Index())
        {
            var next = watch.MoveNextAsync();
            await _nodes.Add(index + 2).Discovery.AnnounceAsync(known, token);
            Assert.True(await next);
        }
        return discovery;
    }
}
