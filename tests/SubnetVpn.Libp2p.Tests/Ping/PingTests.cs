using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Ping;
using SubnetVpn.Libp2p.Tests.Hosting;

namespace SubnetVpn.Libp2p.Tests.Ping;

public class PingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ping_ConnectedPeer_TakesSomeTime()
    {
        await using HostPair pair = await HostPair.StartAsync();
        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);

        PingResult result = await pair.Client.PingAsync(pair.Server.PeerId, Token);

        Assert.Equal(DialFailure.None, result.Failure);
        Assert.True(result.RoundTrip > TimeSpan.Zero);
    }

    [Fact]
    public async Task Ping_NoConnection_IsAFailure()
    {
        await using HostPair pair = await HostPair.StartAsync();

        Assert.Equal(DialFailure.NoAddress, (await pair.Client.PingAsync(pair.Server.PeerId, Token)).Failure);
    }

    [Fact]
    public async Task Ping_SameStreamAgainAndAgain_IsAnsweredEachTime()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using Libp2pStream stream = await pair.OpenAsync(0, PingService.ProtocolId);
        for (int i = 0; i < 10; i++)
        {
            byte[] payload = [.. Enumerable.Repeat((byte)i, 32)];
            await stream.WriteAsync(payload.AsMemory(0, 20), Token);
            await stream.WriteAsync(payload.AsMemory(20), Token);
            var answer = new byte[32];
            Assert.Equal(32, (await stream.ReadAsync(answer, Token)).Count);
            Assert.Equal(payload, answer);
        }

        await stream.CloseWriteAsync(Token);
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await stream.ReadAsync(new byte[1], Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Ping_ThirdStreamOfAPeer_IsReset()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using Libp2pStream first = await pair.OpenAsync(0, PingService.ProtocolId);
        using Libp2pStream second = await pair.OpenAsync(0, PingService.ProtocolId);
        await first.WriteAsync(new byte[32], Token);
        await first.ReadAsync(new byte[32], Token);
        await second.WriteAsync(new byte[32], Token);
        await second.ReadAsync(new byte[32], Token);

        // The reset may come before we have even seen that the protocol was agreed.
        using Libp2pStream? third = (await pair.TryOpenAsync(0, PingService.ProtocolId)).Stream;

        if (third is not null)
        {
            Assert.Equal(new StreamRead(0, StreamEnd.ResetByPeer), await third.ReadAsync(new byte[32], Token));
        }

        Assert.Equal(1, pair.Server.GetStatistics().LimitHits[Libp2pLimit.PingStreams]);
        first.Dispose();
        PingResult result;
        do
        {
            result = await pair.Client.PingAsync(pair.Server.PeerId, Token);
        }
        while (result.Failure != DialFailure.None && !Token.IsCancellationRequested);
    }
}
