using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Hosting;

public class StreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_SeveralProtocols_TheFirstThatThePeerSpeaksIsUsed()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable one = pair.Server.Handle("/vpn/1", StreamPump.EchoAsync);
        using IDisposable two = pair.Server.Handle("/vpn/2", StreamPump.EchoAsync);

        using Libp2pStream best = await pair.OpenAsync(0, "/vpn/3", "/vpn/2", "/vpn/1");
        OpenStreamResult none = await pair.TryOpenAsync(0, "/vpn/4", "/vpn/5");

        Assert.Equal("/vpn/2", best.Protocol);
        Assert.Equal(DialFailure.ProtocolNotSupported, none.Failure);
        Assert.Equal(1, pair.Client.GetStatistics().StreamNegotiationFailures);
    }

    [Fact]
    public async Task Handle_Disposed_IsServedNoMore()
    {
        await using HostPair pair = await HostPair.StartAsync();
        IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await pair.OpenAsync();

        handling.Dispose();

        Assert.Equal(DialFailure.ProtocolNotSupported, (await pair.TryOpenAsync()).Failure);
        await stream.WriteAsync("x"u8.ToArray(), Token);
        Assert.Equal(1, (await stream.ReadAsync(new byte[8], Token)).Count);
    }

    [Fact]
    public async Task Handle_Twice_IsACallersBug()
    {
        await using Libp2pHost host = HostPair.NewHost();
        host.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        Assert.Throws<ArgumentException>(() => host.Handle(HostPair.Protocol, StreamPump.EchoAsync));
    }

    [Fact]
    public async Task Open_200AtOnce_AllTransfer()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async seed =>
        {
            using Libp2pStream stream = await pair.OpenAsync();
            Task<string> sending = StreamPump.SendAsync(stream, seed, 100_000, piece: 3000);
            (string hash, long length) = await StreamPump.ReceiveAsync(stream);
            Assert.Equal(100_000, length);
            Assert.Equal(await sending, hash);
        }));

        await Eventually.TrueAsync(() => pair.Client.Connections.Sum(static connection => connection.StreamCount) == 0);
        await Eventually.TrueAsync(() => pair.Server.Connections.Sum(static connection => connection.StreamCount) == 0);
    }

    [Fact]
    public async Task Handler_ThatThrows_ResetsItsStreamAndIsCounted()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, static async (stream, cancellationToken) =>
        {
            await stream.ReadAsync(new byte[8], cancellationToken);
            throw new InvalidOperationException("on purpose");
        });

        using Libp2pStream stream = await pair.OpenAsync();
        await stream.WriteAsync(new byte[1], Token);

        Assert.Equal(new StreamRead(0, StreamEnd.ResetByPeer), await stream.ReadAsync(new byte[8], Token));
        await Eventually.TrueAsync(() => pair.Server.GetStatistics().HandlerFailures == 1);
    }

    [Fact]
    public async Task Handler_ThatClosesAndReturns_LosesNothingOfWhatItWrote()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, static async (stream, cancellationToken) =>
        {
            await stream.WriteAsync(new byte[200_000], cancellationToken);
            await stream.CloseWriteAsync(cancellationToken);
        });
        using Libp2pStream stream = await pair.OpenAsync();

        (_, long length) = await StreamPump.ReceiveAsync(stream);

        Assert.Equal(200_000, length);
        Assert.Equal(StreamEnd.None, stream.End);
        await stream.CloseWriteAsync(Token);
        Assert.Equal(StreamEnd.Completed, stream.End);
    }

    [Fact]
    public async Task Reset_ByTheClient_IsSeenByTheHandler()
    {
        await using HostPair pair = await HostPair.StartAsync();
        var seen = new TaskCompletionSource<(StreamRead Read, uint Code)>();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, async (stream, cancellationToken) =>
        {
            StreamRead read = await stream.ReadAsync(new byte[8], cancellationToken);
            seen.SetResult((read, stream.RemoteResetCode));
        });
        using Libp2pStream stream = await pair.OpenAsync();

        stream.Reset(1234);

        Assert.Equal((new StreamRead(0, StreamEnd.ResetByPeer), 1234u), await seen.Task.WithinSafetyLimitAsync());
    }

    [Fact]
    public async Task SlowReader_OneStream_DoesNotStallTheOthers()
    {
        await using HostPair pair = await HostPair.StartAsync();
        var release = new TaskCompletionSource();
        using IDisposable stuck = pair.Server.Handle("/stuck", async (_, cancellationToken) => await release.Task.WaitAsync(cancellationToken));
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream blocked = await pair.OpenAsync(0, "/stuck");
        Task<StreamEnd> writing = blocked.WriteAsync(new byte[1024 * 1024], Token).AsTask();

        using Libp2pStream stream = await pair.OpenAsync();
        Task<string> sending = StreamPump.SendAsync(stream, seed: 5, 4 * 1024 * 1024);
        (string hash, _) = await StreamPump.ReceiveAsync(stream);

        Assert.Same(blocked.Connection, stream.Connection);
        Assert.Equal(await sending, hash);
        Assert.False(writing.IsCompleted);
        release.SetResult();
        Assert.Equal(StreamEnd.ResetByPeer, await writing.WithinSafetyLimitAsync());
    }

    [Fact]
    public async Task InlineReaders_Option_TransfersAsWell()
    {
        await using HostPair pair = await HostPair.StartAsync(static options => options.Yamux.InlineReaders = true);
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await pair.OpenAsync();

        Task<string> sending = StreamPump.SendAsync(stream, seed: 6, 16 * 1024 * 1024);
        (string hash, _) = await StreamPump.ReceiveAsync(stream);

        Assert.Equal(await sending, hash);
    }

    [Fact]
    public async Task Window_FastTransfer_Grows()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await pair.OpenAsync();

        for (int round = 0; round < 20 && stream.ReceiveWindow <= 256 * 1024; round++)
        {
            Task<StreamEnd> sending = stream.WriteAsync(new byte[8 * 1024 * 1024], Token).AsTask();
            var buffer = new byte[256 * 1024];
            for (int received = 0; received < 8 * 1024 * 1024;)
            {
                received += (await stream.ReadAsync(buffer, Token)).Count;
            }

            await sending;
        }

        Assert.InRange(stream.ReceiveWindow, 512u * 1024, 16u * 1024 * 1024);
    }
}
