using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

// Listening, dialling, choosing a protocol.
public abstract partial class TransportConformance
{
    [Fact(Timeout = Limit)]
    public async Task Open_PeerListens_BothEndsKnowWhoAndWhatItIs()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());

        var (opened, accepted) = await ConnectAsync(one, other);

        Assert.Equal(other.Peer, opened.Info.Peer);
        Assert.False(opened.Info.IsInbound);
        Assert.Equal(one.Peer, accepted.Info.Peer);
        Assert.True(accepted.Info.IsInbound);
        Assert.Equal(opened.Info.Protocol, accepted.Info.Protocol);
        Assert.NotEqual(opened.Info.Name, accepted.Info.Name);
        Assert.StartsWith("/", opened.Info.RemoteAddress, StringComparison.Ordinal);
        Assert.StartsWith("/", accepted.Info.RemoteAddress, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task ChannelBinding_IsThatOfTheConnectionAtBothEnds()
    {
        var (one, other, third) = (await CreateNodeAsync(), await CreateNodeAsync(), await CreateNodeAsync());

        var first = await ConnectAsync(one, other);
        var second = await ConnectAsync(one, other);
        var back = await ConnectAsync(other, one);
        var elsewhere = await ConnectAsync(one, third);
        var others = await ConnectAsync(third, other);

        var binding = BindingOf(first.Opened);
        Assert.Equal(64, binding.Length);
        Assert.All([first, second, back], pair => Assert.Equal((binding, binding), (BindingOf(pair.Opened), BindingOf(pair.Accepted))));
        Assert.Equal((BindingOf(elsewhere.Opened), BindingOf(others.Opened)), (BindingOf(elsewhere.Accepted), BindingOf(others.Accepted)));
        Assert.Equal(3, new[] { binding, BindingOf(elsewhere.Opened), BindingOf(others.Opened) }.Distinct().Count());

        static string BindingOf(IVpnStream stream) => Convert.ToHexString(stream.Info.ChannelBinding.Span);
    }

    [Fact(Timeout = Limit)]
    public async Task ChannelBinding_OfAnotherConnectionToTheSamePeer_IsAnother()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        var (before, _) = await ConnectAsync(one, other);
        await one.Transport.DisposeAsync();
        var again = await CreateDialerAsync();

        var (after, accepted) = await ConnectAsync(again, other);

        Assert.NotEqual(before.Info.ChannelBinding.ToArray(), after.Info.ChannelBinding.ToArray());
        Assert.Equal(after.Info.ChannelBinding.ToArray(), accepted.Info.ChannelBinding.ToArray());
    }

    [Fact(Timeout = Limit)]
    public async Task Open_SeveralProtocols_TheFirstThatThePeerSpeaksWins()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        Accept(other);
        Accept(other, OtherProtocol);

        var first = await one.Transport.OpenStreamAsync(other.Endpoint, new StreamRequest([OtherProtocol, Protocol]), Token);
        var second = await one.Transport.OpenStreamAsync(other.Endpoint, new StreamRequest(["/nobody/speaks/this", Protocol, OtherProtocol]), Token);

        Assert.Equal(OtherProtocol, first.Stream?.Info.Protocol);
        Assert.Equal(Protocol, second.Stream?.Info.Protocol);
    }

    [Fact(Timeout = Limit)]
    public async Task Open_NoCommonProtocol_IsProtocolNotSupported()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());

        var result = await one.Transport.OpenStreamAsync(other.Endpoint, new StreamRequest([Protocol, OtherProtocol]), Token);

        Assert.Equal(OpenStreamFailure.ProtocolNotSupported, result.Failure);
        Assert.Null(result.Stream);
        Assert.False(string.IsNullOrEmpty(result.Detail));
    }

    [Fact(Timeout = Limit)]
    public async Task Open_NobodyListens_IsUnreachable()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        await other.Transport.DisposeAsync();

        var result = await one.Transport.OpenStreamAsync(other.Endpoint, new StreamRequest([Protocol]), Token);

        Assert.Equal(OpenStreamFailure.Unreachable, result.Failure);
        Assert.False(string.IsNullOrEmpty(result.Detail));
    }

    [Fact(Timeout = Limit)]
    public async Task Open_NoAddressAndNoConnection_IsNoAddress()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());

        var result = await one.Transport.OpenStreamAsync(new PeerEndpoint(other.Peer, []), new StreamRequest([Protocol]), Token);

        Assert.Equal(OpenStreamFailure.NoAddress, result.Failure);
    }

    [Fact(Timeout = Limit)]
    public async Task Open_NoAddressButConnected_UsesTheConnection()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        await ConnectAsync(one, other);
        Accept(one);

        var back = await other.OpenAsync(one, Protocol, Token);

        Assert.Equal(one.Peer, back.Info.Peer);
        Assert.False(back.Info.IsInbound);
    }

    [Fact(Timeout = Limit)]
    public async Task Open_AnotherPeerAnswers_IsWrongPeer()
    {
        var (one, other, third) = (await CreateDialerAsync(), await CreateNodeAsync(), await CreateDialerAsync());
        Accept(other);

        var result = await one.Transport.OpenStreamAsync(new PeerEndpoint(third.Peer, other.Addresses), new StreamRequest([Protocol]), Token);

        Assert.Equal(OpenStreamFailure.WrongPeer, result.Failure);
    }

    [Fact(Timeout = Limit)]
    public async Task Open_Self_IsSelf()
    {
        var node = await CreateNodeAsync();

        var result = await node.Transport.OpenStreamAsync(node.Endpoint, new StreamRequest([Protocol]), Token);

        Assert.Equal(OpenStreamFailure.Self, result.Failure);
    }

    [Fact(Timeout = Limit)]
    public async Task Open_Cancelled_Throws()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await one.Transport.OpenStreamAsync(other.Endpoint, new StreamRequest([Protocol]), cancelled.Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Open_DifferentLanes_AllWork()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        var acceptor = Accept(other);

        var names = new HashSet<string>();
        for (var lane = 0; lane < 4; lane++)
        {
            var opened = await one.OpenAsync(other, Protocol, Token, lane);
            Assert.Equal(StreamEnd.None, await opened.WriteAsync(new[] { (byte)lane }, Token));
            var accepted = await acceptor.NextAsync(Token);
            Assert.Equal([(byte)lane], await accepted.ReadAsync(1, Token));
            names.Add(opened.Info.Name);
        }

        Assert.Equal(4, names.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Handle_ProtocolTaken_Throws()
    {
        var node = await CreateDialerAsync();
        Accept(node);

        Assert.Throws<InvalidOperationException>(() => node.Transport.HandleStreams(Protocol, static (_, _) => Task.CompletedTask));
    }

    [Fact(Timeout = Limit)]
    public async Task Handle_RegistrationDisposed_ProtocolIsNoLongerSpoken()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        var registration = other.Transport.HandleStreams(Protocol, static (_, _) => Task.CompletedTask);
        registration.Dispose();
        registration.Dispose();

        var result = await one.Transport.OpenStreamAsync(other.Endpoint, new StreamRequest([Protocol]), Token);
        using var again = other.Transport.HandleStreams(Protocol, static (_, _) => Task.CompletedTask);

        Assert.Equal(OpenStreamFailure.ProtocolNotSupported, result.Failure);
    }

    [Fact(Timeout = Limit)]
    public async Task Listen_AddressInUse_ThrowsTransportError()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateDialerAsync());

        var exception = await Assert.ThrowsAsync<VpnException>(async () => await other.Transport.ListenAsync(one.Addresses, Token));

        Assert.Equal(VpnErrorReason.Transport, exception.Reason);
    }

    [Theory(Timeout = Limit)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("/")]
    [InlineData("/unknown/1")]
    public async Task Listen_NotAnAddress_ThrowsTransportError(string address)
    {
        var node = await CreateDialerAsync();

        var exception = await Assert.ThrowsAsync<VpnException>(async () => await node.Transport.ListenAsync([address], Token));

        Assert.Equal(VpnErrorReason.Transport, exception.Reason);
        Assert.Contains(address, exception.Message, StringComparison.Ordinal);
    }
}
