using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

public sealed class MemoryNetworkFaultTests : IAsyncDisposable
{
    private const int Window = 256 * 1024;
    private readonly MemoryLab _lab = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Cut_StreamsAreLostAndOpeningFails_UntilRestored()
    {
        var (opened, accepted) = await _lab.ConnectAsync();
        var events = new PeerRecorder();
        using var watch = _lab.One.Transport.WatchPeers(events);

        _lab.Network.Cut(_lab.One.Peer, _lab.Other.Peer);
        var cut = await _lab.OpenAsync();
        _lab.Network.Restore(_lab.One.Peer, _lab.Other.Peer);
        var restored = await _lab.OpenAsync();

        Assert.Equal(StreamEnd.ConnectionLost, await opened.WriteAsync(new byte[1], Token));
        Assert.Equal(new StreamRead(0, StreamEnd.ConnectionLost), await accepted.ReadAsync(new byte[1].AsMemory(), Token));
        Assert.Equal(OpenStreamFailure.Unreachable, cut.Failure);
        Assert.Equal(OpenStreamFailure.None, restored.Failure);
        Assert.Equal([(false, "the link was cut"), (true, null)], events.Events.Select(static e => (e.IsConnected, e.Reason)));
    }

    [Fact(Timeout = 60_000)]
    public async Task DropConnections_StreamsAreLost_AndNewOnesCanBeOpened()
    {
        var (opened, accepted) = await _lab.ConnectAsync();
        var reading = accepted.ReadAsync(new byte[1].AsMemory(), Token).AsTask();

        var dropped = _lab.Network.DropConnections(_lab.Other.Peer, _lab.One.Peer);

        Assert.Equal(1, dropped);
        Assert.Equal(new StreamRead(0, StreamEnd.ConnectionLost), await reading);
        Assert.Equal(StreamEnd.ConnectionLost, await opened.WriteAsync(new byte[1], Token));
        Assert.Equal(OpenStreamFailure.None, (await _lab.OpenAsync()).Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task ResetStreams_BothEndsWereResetByTheOther()
    {
        var (first, _) = await _lab.ConnectAsync();
        var (second, secondAccepted) = await _lab.ConnectAsync();

        Assert.True(_lab.Network.ResetStream(secondAccepted.Info.Name));
        Assert.False(_lab.Network.ResetStream("m0/0"));
        Assert.Equal(StreamEnd.None, await first.WriteAsync(new byte[1], Token));
        Assert.Equal(1, _lab.Network.ResetStreams(_lab.One.Peer, _lab.Other.Peer));

        Assert.Equal(StreamEnd.ResetByPeer, await first.WriteAsync(new byte[1], Token));
        Assert.Equal(StreamEnd.ResetByPeer, await second.WriteAsync(new byte[1], Token));
        Assert.Equal(StreamEnd.ResetByPeer, (await secondAccepted.ReadAsync(new byte[1].AsMemory(), Token)).End);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pause_NothingArrives_UntilResumed()
    {
        var (opened, accepted) = await _lab.ConnectAsync();
        var link = _lab.Network.Link(_lab.One.Peer, _lab.Other.Peer);

        link.Pause();
        await opened.WriteAsync(new byte[] { 1 }, Token);
        var reading = accepted.ReadAsync(new byte[8].AsMemory(), Token).AsTask();
        await accepted.WriteAsync(new byte[] { 2 }, Token);

        Assert.Equal([2], await opened.ReadAsync(1, Token));
        Assert.False(reading.IsCompleted);
        link.Resume();
        Assert.Equal(new StreamRead(1, StreamEnd.None), await reading);
    }

    [Fact(Timeout = 60_000)]
    public async Task Window_AReaderTakesAllOfIt_WriterGoesOn()
    {
        _lab.Network.Link(_lab.One.Peer, _lab.Other.Peer).Window = 100;
        var (opened, accepted) = await _lab.ConnectAsync();
        var buffer = new byte[100];
        var reading = accepted.ReadAsync(buffer.AsMemory(), Token);

        // The read that waits takes the first part while the write is still being made.
        var writing = opened.WriteAsync(new byte[350], Token);

        var count = (await reading).Count;
        while (count < 350)
            count += (await accepted.ReadAsync(buffer.AsMemory(), Token)).Count;
        Assert.Equal(StreamEnd.None, await writing);
    }

    [Fact(Timeout = 60_000)]
    public async Task Window_Smaller_HoldsTheWriterEarlier()
    {
        var link = _lab.Network.Link(_lab.One.Peer, _lab.Other.Peer);
        link.Window = 100;
        var (opened, accepted) = await _lab.ConnectAsync();

        Assert.Equal(StreamEnd.None, await opened.WriteAsync(new byte[100], Token));
        var writing = opened.WriteAsync(new byte[1], Token);
        Assert.False(writing.IsCompleted);
        await accepted.ReadAsync(new byte[1].AsMemory(), Token);

        Assert.Equal(StreamEnd.None, await writing);
        Assert.Throws<ArgumentOutOfRangeException>(() => link.Window = 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pause_WriterFillsTheWindow_AndWaits()
    {
        var (opened, accepted) = await _lab.ConnectAsync();
        var bytes = StreamIO.Pattern(Window + 1000, seed: 1);
        var link = _lab.Network.Link(_lab.One.Peer, _lab.Other.Peer);

        link.Pause();
        Assert.Equal(StreamEnd.None, await opened.WriteAsync(bytes.AsMemory(0, Window), Token));
        var rest = opened.WriteAsync(bytes.AsMemory(Window), Token);
        Assert.False(rest.IsCompleted);
        link.Resume();
        var read = await accepted.ReadAsync(bytes.Length, Token);

        Assert.Equal(StreamEnd.None, await rest);
        Assert.Equal(bytes, read);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pause_StreamClosedAndDisposedMeanwhile_StillArrives()
    {
        var (opened, accepted) = await _lab.ConnectAsync();
        var link = _lab.Network.Link(_lab.One.Peer, _lab.Other.Peer);

        link.Pause();
        await opened.WriteAsync(new byte[] { 1, 2, 3 }, Token);
        await opened.CloseWriteAsync(Token);
        await opened.DisposeAsync();
        link.Resume();
        var (read, end) = await accepted.ReadToEndAsync(Token);

        Assert.Equal([1, 2, 3], read);
        Assert.Equal(StreamEnd.Completed, end);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pause_LinkIsCut_OpeningNoLongerWaits()
    {
        _lab.Network.Link(_lab.One.Peer, _lab.Other.Peer).Pause();
        var opening = _lab.OpenAsync().AsTask();

        _lab.Network.Cut(_lab.One.Peer, _lab.Other.Peer);

        Assert.Equal(OpenStreamFailure.Unreachable, (await opening).Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_Lanes_UseConnectionsOfTheirOwn()
    {
        await _lab.One.OpenAsync(_lab.Other, MemoryLab.Protocol, Token, lane: 0);
        await _lab.One.OpenAsync(_lab.Other, MemoryLab.Protocol, Token, lane: 1);
        await _lab.One.OpenAsync(_lab.Other, MemoryLab.Protocol, Token, lane: 1);
        await _lab.One.OpenAsync(_lab.Other, MemoryLab.Protocol, Token, lane: -1);

        var snapshot = ((ITransportDiagnostics)_lab.Other.Transport).GetSnapshot();

        Assert.Equal([1, 1, 2], snapshot.Connections.Select(static connection => connection.Streams).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_Failures_AreCounted()
    {
        await _lab.ConnectAsync();
        await _lab.One.Transport.OpenStreamAsync(_lab.One.Endpoint, new StreamRequest([MemoryLab.Protocol]), Token);
        await _lab.One.Transport.OpenStreamAsync(_lab.Other.Endpoint, new StreamRequest(["/other"]), Token);

        var counters = ((ITransportDiagnostics)_lab.One.Transport).GetSnapshot().Counters;

        Assert.Equal(1, counters["open_stream.opened"]);
        Assert.Equal(1, counters["open_stream_failed.self"]);
        Assert.Equal(1, counters["open_stream_failed.protocol_not_supported"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Streams_Disposed_AreForgotten()
    {
        var (opened, accepted) = await _lab.ConnectAsync();

        await opened.DisposeAsync();
        await accepted.DisposeAsync();

        var connection = Assert.Single(((ITransportDiagnostics)_lab.One.Transport).GetSnapshot().Connections);
        Assert.Equal(0, connection.Streams);
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_StopsAndComesBack_IsReachedAgain()
    {
        await _lab.ConnectAsync();
        await _lab.Other.Transport.DisposeAsync();
        Assert.Equal(OpenStreamFailure.Unreachable, (await _lab.OpenAsync()).Failure);

        var back = _lab.Join(2);
        await using var transport = back.Transport;
        using var acceptor = new StreamAcceptor(transport, MemoryLab.Protocol);

        Assert.Equal(OpenStreamFailure.None, (await _lab.OpenAsync()).Failure);
    }

    [Fact]
    public void CreateTransport_PeerIsThere_Throws() =>
        Assert.Throws<InvalidOperationException>(() => _lab.Network.CreateTransport(_lab.One.Peer));

    [Fact(Timeout = 60_000)]
    public async Task Observer_Throws_OthersStillHear()
    {
        var heard = new PeerRecorder();
        using var bad = _lab.One.Transport.WatchPeers(new ThrowingObserver());
        using var good = _lab.One.Transport.WatchPeers(heard);

        await _lab.ConnectAsync();

        await Eventually.TrueAsync(() => heard.Events.Count == 1);
    }

    private sealed class ThrowingObserver : IPeerObserver
    {
        public void PeerConnected(PeerId peer) => throw new InvalidTimeZoneException("An observer with a bug.");

        public void PeerDisconnected(PeerId peer, string reason) => throw new InvalidTimeZoneException("An observer with a bug.");
    }
}
