using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Streams that an embedder borrows: <see cref="IStreamPool"/>.</summary>
public sealed class LentStreamTests : IAsyncLifetime
{
    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private readonly TestNode _a;
    private readonly TestNode _b;

    public LentStreamTests()
    {
        _a = new TestNode(_network, "a", "10.0.0.1", change: static settings => settings with { MaxStreamsPerPeer = 2 });
        _b = new TestNode(_network, "b", "10.0.0.2");
    }

    private IStreamPool Pool => _a.Service;

    public async ValueTask InitializeAsync()
    {
        await _a.StartWithAsync(_b);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Stream_GivenBackHealthy_IsLentAgain()
    {
        var first = await GetAsync();
        Pool.Release(first, healthy: true);

        Assert.Same(first, await GetAsync());
        Assert.Equal((2, 0), (Pool.GetMetrics().Acquisitions, Pool.GetMetrics().AcquisitionFailures));
    }

    [Fact]
    public async Task Stream_GivenBackUnhealthy_IsClosedAndReplaced()
    {
        var first = await GetAsync();
        var streams = Pool.GetMetrics().StreamsPerPeer[_b.Peer];
        Pool.Release(first, healthy: false);

        await Eventually.TrueAsync(() => Pool.GetMetrics().StreamsPerPeer[_b.Peer] == streams);
        Assert.NotSame(first, await GetAsync());
        Assert.Equal(1, Pool.GetMetrics().Unhealthy);
    }

    [Fact]
    public async Task Streams_AboveTheMaximum_AreRefused()
    {
        await GetAsync();
        await GetAsync();

        var third = await Pool.GetStreamAsync(_b.Peer, CancellationToken.None);

        Assert.Equal(OpenStreamFailure.TooMany, third.Failure);
        Assert.Equal(1, Pool.GetMetrics().AcquisitionFailures);
    }

    [Fact]
    public async Task Stream_GivenBackTwice_Throws()
    {
        var stream = await GetAsync();
        Pool.Release(stream, healthy: true);

        Assert.Throws<ArgumentException>(() => Pool.Release(stream, healthy: true));
    }

    [Fact]
    public async Task Stream_OfANetworkThatStops_IsClosedAndNoneIsLentAfterwards()
    {
        var stream = await GetAsync();

        await _a.Service.StopAsync(CancellationToken.None);

        Assert.NotEqual(StreamEnd.None, (await stream.ReadAsync(new byte[1], CancellationToken.None)).End);
        Assert.Equal(OpenStreamFailure.Stopping, (await Pool.GetStreamAsync(_b.Peer, CancellationToken.None)).Failure);
        Pool.Release(stream, healthy: true);
    }

    [Fact]
    public async Task Stream_ToAPeerThatNobodyKnows_IsRefusedWithAReason()
    {
        var result = await Pool.GetStreamAsync(TestPeers.Named("nobody"), CancellationToken.None);

        Assert.Null(result.Stream);
        Assert.NotEmpty(result.Detail!);
    }

    private async Task<IVpnStream> GetAsync()
    {
        var result = await Pool.GetStreamAsync(_b.Peer, CancellationToken.None);
        Assert.Equal(OpenStreamFailure.None, result.Failure);
        return result.Stream!;
    }
}
