using SubnetVpn.Interop.Tests.Protocols;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Tests;
using SubnetVpn.Libp2p.Yamux;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>What must not come about, between js-libp2p and us.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dial_JsIsAnotherPeer_FailsAsWrongPeer()
    {
        await using var js = await JsPeer.ListenAsync();
        await using var host = await InteropHost.StartAsync();

        var result = await host.DialAsync(js, claimed: new TestIdentity().PeerId);

        Assert.Null(result.Connection);
        Assert.Equal(DialFailure.WrongPeer, result.Failure);
        Assert.Contains(js.PeerId, result.Detail, StringComparison.Ordinal);
        Assert.Empty(host.Host.Connections);
    }

    [Fact]
    public async Task Dial_JsExpectsAnotherPeer_IsRefusedByJs()
    {
        await using var js = await JsPeer.ListenAsync();
        await using var host = await InteropHost.StartAsync();
        var address = host.Host.ListenAddresses[0].WithPeerId(new TestIdentity().PeerId).ToString();

        var error = await Assert.ThrowsAsync<JsError>(() => js.AskAsync("dial", new { address }));

        Assert.Equal("EncryptionFailedError", error.Name);
        await Eventually.TrueAsync(() => host.Host.Connections.Count == 0, "we have no connection either");
    }

    [Fact]
    public async Task Dial_JsSignsBadly_FailsAsBadSignature()
    {
        await using var js = await JsPeer.ListenAsync(badSignature: true);
        await using var host = await InteropHost.StartAsync();

        var result = await host.DialAsync(js);

        Assert.Equal(DialFailure.HandshakeFailed, result.Failure);
        Assert.Equal(1, host.Host.GetStatistics().OutboundHandshakeFailures[HandshakeFailure.BadSignature]);
    }

    [Fact]
    public async Task Accept_JsSignsBadly_IsRefusedAndCounted()
    {
        await using var js = await JsPeer.ListenAsync(badSignature: true);
        await using var host = await InteropHost.StartAsync();

        // The dialler speaks last in the handshake, so that it may believe for a moment that all is well.
        await Record.ExceptionAsync(() => js.AskAsync("dial", new { address = host.Address }));

        await Eventually.TrueAsync(
            () => host.Host.GetStatistics().InboundHandshakeFailures.GetValueOrDefault(HandshakeFailure.BadSignature) == 1, "the bad signature is counted");
        Assert.Empty(host.Host.Connections);
    }

    [Fact]
    public async Task Receive_JsExceedsTheWindow_ConnectionEndsWithThatFault()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);
        var connection = pair.Connection;

        await pair.Js.AskAsync("exceedWindow", new { peerId = pair.HostPeerId, protocol = InteropProtocol.Reset, bytes = 32 << 20 });

        await Eventually.TrueAsync(() => connection.End != ConnectionEnd.None, "the connection has ended");
        Assert.Equal(ConnectionEnd.ProtocolError, connection.End);
        Assert.Equal(YamuxFault.OverWindow, connection.Fault);
    }

    [Fact]
    public async Task Open_ProtocolThatJsDoesNotSpeak_FailsAsSuch()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: false);

        var result = await pair.Host.Host.OpenStreamAsync(pair.Connection, ["/interop/unknown/1.0.0"], Cancellation);

        Assert.Equal(DialFailure.ProtocolNotSupported, result.Failure);
    }

    [Fact]
    public async Task Open_SeveralProtocols_TheFirstThatJsSpeaksWins()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: false);

        var result = await pair.Host.Host.OpenStreamAsync(pair.Connection, ["/interop/unknown/1.0.0", InteropProtocol.Echo], Cancellation);

        using var stream = Assert.IsType<Libp2pStream>(result.Stream);
        Assert.Equal(InteropProtocol.Echo, stream.Protocol);
        Assert.True(await ProtocolClient.EchoAsync(stream, 1000, Cancellation));
    }

    [Fact]
    public async Task Open_ByJsOfAnUnknownProtocol_IsRefused()
    {
        await using var pair = await InteropPair.ConnectAsync(jsDials: true);

        var error = await Assert.ThrowsAsync<JsError>(() => pair.Js.AskAsync("openUnknown", new { peerId = pair.HostPeerId, protocol = "/interop/unknown/1.0.0" }));

        Assert.Equal("UnsupportedProtocolError", error.Name);
    }
}
