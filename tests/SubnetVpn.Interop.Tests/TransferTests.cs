using System.Text.Json;
using SubnetVpn.Interop.Tests.Protocols;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Interop.Tests;

/// <summary>Streams between js-libp2p and us, whoever dials and however the muxer is agreed on.</summary>
public sealed class TransferTests
{
    private const long Size = 64 << 20;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // jsDials, earlyMuxer
    public static TheoryData<bool, bool> Ways => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Connect_EitherSide_NegotiatesNoiseAndYamux(bool jsDials, bool earlyMuxer)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials, earlyMuxer);

        var seen = Assert.Single((await pair.Js.AskAsync("connections")).EnumerateArray());

        Assert.Equal(pair.HostPeerId, seen.GetProperty("peerId").GetString());
        Assert.Equal("/noise", seen.GetProperty("encryption").GetString());
        Assert.Equal("/yamux/1.0.0", seen.GetProperty("muxer").GetString());
        Assert.Equal(pair.Js.PeerId, pair.Connection.RemotePeer.ToString());
        Assert.Equal(jsDials, pair.Connection.IsInbound);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Exchange_WeOpen_64MiBEachWayArriveIntact(bool jsDials, bool earlyMuxer)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials, earlyMuxer);
        using var stream = await pair.Host.OpenAsync(pair.Js, InteropProtocol.Exchange);

        var result = await ProtocolClient.ExchangeAsync(stream, Size, Size, Cancellation);

        Assert.Equal(new ExchangeResult(Size, true, true), result);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Exchange_JsOpens_64MiBEachWayArriveIntact(bool jsDials, bool earlyMuxer)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials, earlyMuxer);

        var result = await pair.Js.AskAsync("exchange", new { peerId = pair.HostPeerId, send = Size, receive = Size });

        Assert.Equal(new ExchangeResult(Size, true, true), result.Deserialize<ExchangeResult>(JsonSerializerOptions.Web));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Echo_JsOpens200AtOnce_AllComeBack(bool jsDials)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials);

        var result = await pair.Js.AskAsync("echo", new { peerId = pair.HostPeerId, streams = 200, bytes = 100_000 });

        Assert.Equal(200, result.GetProperty("intact").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Echo_WeOpen200AtOnce_AllComeBack(bool jsDials)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials);

        var intact = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var stream = await pair.Host.OpenAsync(pair.Js, InteropProtocol.Echo);
            return await ProtocolClient.EchoAsync(stream, 100_000, Cancellation);
        }));

        Assert.All(intact, Assert.True);
        Assert.Single(pair.Host.Host.Connections);
    }

    [Fact]
    public async Task HalfClose_OurWritingEnd_StillReads()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: false);
        using var stream = await pair.Host.OpenAsync(pair.Js, InteropProtocol.Exchange);

        var result = await ProtocolClient.ExchangeAsync(stream, send: 0, receive: 8 << 20, Cancellation);

        Assert.Equal(new ExchangeResult(8 << 20, true, true), result);
    }

    [Fact]
    public async Task HalfClose_WritingEndOfJs_StillReads()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);

        var result = await pair.Js.AskAsync("exchange", new { peerId = pair.HostPeerId, send = 0, receive = 8 << 20 });

        Assert.Equal(new ExchangeResult(8 << 20, true, true), result.Deserialize<ExchangeResult>(JsonSerializerOptions.Web));
    }

    [Fact]
    public async Task Reset_ByJs_IsSeenAsSuchAndLeavesTheConnection()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: false);
        using var stream = await pair.Host.OpenAsync(pair.Js, InteropProtocol.Reset);

        await stream.SendAsync(new byte[1], Cancellation);
        var read = await stream.ReadAsync(new byte[1], Cancellation);

        Assert.Equal(new StreamRead(0, StreamEnd.ResetByPeer), read);
        using var next = await pair.Host.OpenAsync(pair.Js, InteropProtocol.Echo);
        Assert.True(await ProtocolClient.EchoAsync(next, 1000, Cancellation));
    }

    [Fact]
    public async Task Reset_ByUs_IsSeenAsSuchAndLeavesTheConnection()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);

        var end = await pair.Js.AskAsync("awaitReset", new { peerId = pair.HostPeerId });

        Assert.Equal("StreamResetError", end.GetProperty("name").GetString());
        var echo = await pair.Js.AskAsync("echo", new { peerId = pair.HostPeerId, streams = 1, bytes = 1000 });
        Assert.Equal(1, echo.GetProperty("intact").GetInt32());
    }

    [Fact]
    public async Task Reset_WhileJsIsReading_EndsOurHandlerOnly()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);

        await pair.Js.AskAsync("reset", new { peerId = pair.HostPeerId, protocol = InteropProtocol.Echo });

        var echo = await pair.Js.AskAsync("echo", new { peerId = pair.HostPeerId, streams = 10, bytes = 1000 });
        Assert.Equal(10, echo.GetProperty("intact").GetInt32());
    }
}
