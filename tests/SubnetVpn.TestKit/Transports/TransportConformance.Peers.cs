using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.TestKit.Transports;

// Peers that come and go, the end of a transport, and what it tells of itself.
public abstract partial class TransportConformance
{
    [Fact(Timeout = Limit)]
    public async Task WatchPeers_FirstConnectionAndItsEnd_AreToldToBothSides()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        var (atOne, atOther) = (new PeerRecorder(), new PeerRecorder());
        using var watchOne = one.Transport.WatchPeers(atOne);
        using var watchOther = other.Transport.WatchPeers(atOther);

        await ConnectAsync(one, other);
        await ConnectAsync(one, other);
        await Eventually.TrueAsync(() => atOne.Events.Count > 0 && atOther.Events.Count > 0);
        await other.Transport.DisposeAsync();
        await Eventually.TrueAsync(() => atOne.Events.Count > 1 && atOther.Events.Count > 1);

        Assert.Equal([(other.Peer, true), (other.Peer, false)], atOne.Events.Select(static e => (e.Peer, e.IsConnected)));
        Assert.Equal([(one.Peer, true), (one.Peer, false)], atOther.Events.Select(static e => (e.Peer, e.IsConnected)));
        Assert.False(string.IsNullOrEmpty(atOne.Events[1].Reason));
    }

    [Fact(Timeout = Limit)]
    public async Task WatchPeers_SubscriptionDisposed_HearsNoMore()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        var (silent, heard) = (new PeerRecorder(), new PeerRecorder());
        one.Transport.WatchPeers(silent).Dispose();
        using var watch = one.Transport.WatchPeers(heard);

        await ConnectAsync(one, other);
        await Eventually.TrueAsync(() => heard.Events.Count > 0);

        Assert.Empty(silent.Events);
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_EndsStreamsAndHandlersAtBothSides()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        var (opened, accepted) = await ConnectAsync(one, other);
        var handlerBegan = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handlerEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = other.Transport.HandleStreams(OtherProtocol, async (_, token) =>
        {
            handlerBegan.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ContinueWith(static _ => { }, TaskScheduler.Default);
            handlerEnded.SetResult();
        });
        await (await one.OpenAsync(other, OtherProtocol, Token)).WriteAsync(new byte[1], Token);
        // The opener may know of its stream before the handler does; one that is disposed of in between never begins.
        await handlerBegan.Task;

        var reads = Task.WhenAll(opened.ReadAsync(new byte[1].AsMemory(), Token).AsTask(), accepted.ReadAsync(new byte[1].AsMemory(), Token).AsTask());
        await other.Transport.DisposeAsync();
        await other.Transport.DisposeAsync();

        await handlerEnded.Task;
        Assert.All(await reads, static read => Assert.True(read.Count == 0 && read.End is not (StreamEnd.None or StreamEnd.Completed), $"{read}"));
        var result = await other.Transport.OpenStreamAsync(one.Endpoint, new StreamRequest([Protocol]), Token);
        Assert.Equal(OpenStreamFailure.Stopping, result.Failure);
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_NeverUsed_IsSafe()
    {
        var (_, transport) = await CreateTransportAsync();

        await transport.DisposeAsync();
        await transport.DisposeAsync();
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_ThenAnotherNodeAtTheSameAddress_IsReached()
    {
        var (one, other, third) = (await CreateDialerAsync(), await CreateNodeAsync(), await CreateDialerAsync());
        await ConnectAsync(one, other);
        await other.Transport.DisposeAsync();

        var heir = third with { Addresses = await third.Transport.ListenAsync(other.Addresses, Token) };
        var (opened, _) = await ConnectAsync(one, heir);

        Assert.Equal(heir.Peer, opened.Info.Peer);
    }

    [Fact(Timeout = Limit)]
    public async Task GetSnapshot_Connected_TellsOfTheConnection()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        // A transport need not tell, but one that does must be right.
        Assert.SkipUnless(one.Transport is ITransportDiagnostics, "This transport does not tell of its connections.");
        var (opened, accepted) = await ConnectAsync(one, other);
        await opened.WriteAsync(new byte[1000], Token);
        await accepted.ReadAsync(1000, Token);

        var atOne = ((ITransportDiagnostics)one.Transport).GetSnapshot();
        var atOther = ((ITransportDiagnostics)other.Transport).GetSnapshot();

        Assert.Equal(one.Addresses, atOne.ListenAddresses);
        var outbound = Assert.Single(atOne.Connections);
        var inbound = Assert.Single(atOther.Connections);
        Assert.Equal((other.Peer, false), (outbound.Peer, outbound.IsInbound));
        Assert.Equal((one.Peer, true), (inbound.Peer, inbound.IsInbound));
        Assert.True(outbound.Streams >= 1 && inbound.Streams >= 1, $"{outbound} {inbound}");
        Assert.True(outbound.BytesSent >= 1001 && inbound.BytesReceived >= 1001, $"{outbound} {inbound}");
    }
}
