using SubnetVpn.Interop.Tests.Protocols;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>What js-libp2p and we tell each other of ourselves.</summary>
public sealed class IdentifyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Identify_JsAsks_LearnsUs(bool jsDials)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials);

        var identified = await pair.Js.AskAsync("identify", new { peerId = pair.HostPeerId });

        Assert.Equal(pair.HostPeerId, identified.GetProperty("peerId").GetString());
        Assert.Equal("subnetvpn-interop/1.0.0", identified.GetProperty("agentVersion").GetString());
        var protocols = identified.GetProperty("protocols").EnumerateArray().Select(protocol => protocol.GetString()).ToList();
        Assert.Contains(InteropProtocol.Echo, protocols);
        Assert.Contains("/ipfs/ping/1.0.0", protocols);
        var addresses = identified.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()).ToList();
        Assert.Contains(pair.Host.Host.ListenAddresses[0].ToString(), addresses);
        Assert.StartsWith("/ip4/127.0.0.1/tcp/", identified.GetProperty("observedAddress").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_WeServeANewProtocol_JsHearsOfIt()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);
        await pair.Js.AskAsync("identify", new { peerId = pair.HostPeerId });

        using var served = pair.Host.Host.Handle("/interop/late/1.0.0", ProtocolHandlers.EchoAsync);

        await Eventually.TrueAsync(
            async () => (await pair.Js.AskAsync("known", new { peerId = pair.HostPeerId })).GetProperty("protocols").EnumerateArray().Any(protocol => protocol.GetString() == "/interop/late/1.0.0"),
            "js knows the new protocol",
            () => pair.Js.Log);
    }

    [Fact]
    public async Task Ping_ByJs_IsAnswered()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);

        var ping = await pair.Js.AskAsync("ping", new { peerId = pair.HostPeerId });

        Assert.InRange(ping.GetProperty("milliseconds").GetDouble(), 0, 5000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ping_ByUs_IsAnsweredByJs(bool jsDials)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials);

        var ping = await pair.Host.Host.PingAsync(pair.Connection.RemotePeer, TestContext.Current.CancellationToken);

        Assert.True(ping.RoundTrip > TimeSpan.Zero, $"{ping.Failure}: {ping.Detail}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Identify_WeAsk_LearnJs(bool jsDials)
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials);
        PeerInfo? info = null;

        await Eventually.TrueAsync(() => pair.Host.Host.TryGetPeerInfo(pair.Connection.RemotePeer, out info), "js has told us of itself");

        Assert.Equal("subnetvpn-interop-js/1.0.0", info!.AgentVersion);
        Assert.Contains(InteropProtocol.Exchange, info.Protocols);
        Assert.Contains(pair.Js.Addresses[0], info.ListenAddresses.Select(address => address.WithPeerId(pair.Connection.RemotePeer).ToString()));
    }
}
