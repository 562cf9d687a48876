using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Tests.Yamux;

public class YamuxStreamTests
{
    private readonly YamuxLink _link = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Write_Opening_SynRidesOnTheDataAndAckOnTheAnswer(int pieceBytes)
    {
        YamuxStream stream = _link.Dialer.Open();

        Assert.Equal(StreamEnd.None, await stream.WriteAsync("ping"u8.ToArray(), Token));
        (YamuxHeader header, byte[] body) = Assert.Single(Frames.Parse(Copy(_link.Dialer, pieceBytes, _link.Listener)));
        YamuxStream accepted = _link.Listener.Accepted();
        await accepted.WriteAsync("pong"u8.ToArray(), Token);
        (YamuxHeader answer, _) = Assert.Single(Frames.Parse(Copy(_link.Listener, pieceBytes, _link.Dialer)));

        Assert.Equal(new YamuxHeader(YamuxFrameType.Data, YamuxFlags.Syn, 1, 4), header);
        Assert.Equal("ping"u8, body);
        Assert.Equal(new YamuxHeader(YamuxFrameType.Data, YamuxFlags.Ack, 1, 4), answer);
        Assert.True(accepted.IsInbound);
        Assert.Equal("ping", await ReadTextAsync(accepted));
        Assert.Equal("pong", await ReadTextAsync(stream));
    }

    [Fact]
    public void Open_BothSides_UseTheirOwnNumbers()
    {
        Assert.Equal([1u, 3u, 5u], [_link.Dialer.Open().Id, _link.Dialer.Open().Id, _link.Dialer.Open().Id]);
        Assert.Equal([2u, 4u], [_link.Listener.Open().Id, _link.Listener.Open().Id]);
    }

    [Fact]
    public async Task Write_SeveralSegments_AreOneFrame()
    {
        YamuxStream stream = _link.Dialer.Open();

        await stream.WriteAsync(new ReadOnlyMemory<byte>[] { "ab"u8.ToArray(), default, "c"u8.ToArray(), "def"u8.ToArray() }, Token);

        (_, byte[] body) = Assert.Single(_link.Dialer.TakeFrames());
        Assert.Equal("abcdef"u8, body);
    }

    [Fact]
    public async Task Write_Large_IsSplitAt64KiB()
    {
        YamuxStream stream = _link.Dialer.Open();

        await stream.WriteAsync(new byte[150_000], Token);

        Assert.Equal([65536, 65536, 18928], _link.Dialer.TakeFrames().Select(frame => frame.Body.Length));
    }

    [Fact]
    public async Task Write_TwoStreams_TakeTurns()
    {
        YamuxStream first = _link.Dialer.Open();
        YamuxStream second = _link.Dialer.Open();
        _link.Dialer.IsBlocked = true;
        ValueTask<StreamEnd> one = first.WriteAsync(new byte[150_000], Token);
        ValueTask<StreamEnd> two = second.WriteAsync(new byte[150_000], Token);

        _link.Dialer.Unblock();

        Assert.Equal(StreamEnd.None, await one);
        Assert.Equal(StreamEnd.None, await two);
        Assert.Equal([1u, 3u, 1u, 3u, 1u, 3u], _link.Dialer.TakeFrames().Select(frame => frame.Header.StreamId));
    }

    [Fact]
    public async Task CloseWrite_OneSide_TheOtherCanStillWrite()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.WriteAsync("question"u8.ToArray(), Token);
        await stream.CloseWriteAsync(Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();

        Assert.Equal("question", await ReadTextAsync(accepted));
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await accepted.ReadAsync(new byte[10], Token));
        Assert.Equal(StreamEnd.None, accepted.End);
        Assert.Equal(StreamEnd.None, await accepted.WriteAsync("answer"u8.ToArray(), Token));
        Assert.Equal(StreamEnd.None, await accepted.CloseWriteAsync(Token));
        _link.Exchange();

        Assert.Equal("answer", await ReadTextAsync(stream));
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await stream.ReadAsync(new byte[10], Token));
        Assert.Equal(StreamEnd.Completed, stream.End);
        Assert.Equal(StreamEnd.Completed, accepted.End);
        Assert.Equal(0, _link.Dialer.Session.StreamCount);
        Assert.Equal(0, _link.Listener.Session.StreamCount);
    }

    [Fact]
    public async Task CloseWrite_Twice_IsFineAndWritingAfterIsACallersBug()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.CloseWriteAsync(Token);

        Assert.Equal(StreamEnd.None, await stream.CloseWriteAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[1], Token));
        Assert.Equal(YamuxFlags.Syn | YamuxFlags.Fin, Assert.Single(_link.Dialer.TakeFrames()).Header.Flags);
    }

    [Fact]
    public async Task Reset_ByEitherSide_EndsBothWithTheCode()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.WriteAsync("x"u8.ToArray(), Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();
        ValueTask<StreamRead> pending = stream.ReadAsync(new byte[10], Token);

        accepted.Reset(77);
        accepted.Reset(78);
        _link.Exchange();

        Assert.Equal(new StreamRead(0, StreamEnd.ResetByPeer), await pending);
        Assert.Equal(StreamEnd.ResetByPeer, stream.End);
        Assert.Equal(77u, stream.RemoteResetCode);
        Assert.Equal(StreamEnd.ResetLocally, accepted.End);
        Assert.Equal(StreamEnd.ResetByPeer, await stream.WriteAsync(new byte[1], Token));
        Assert.Equal(new StreamRead(0, StreamEnd.ResetLocally), await accepted.ReadAsync(new byte[10], Token));
        Assert.Equal(0, _link.Dialer.Session.StreamCount + _link.Listener.Session.StreamCount);
    }

    [Fact]
    public void Reset_BeforeAnythingWasSent_SaysNothing()
    {
        _link.Dialer.Open().Reset(1);

        Assert.Empty(_link.Dialer.TakeFrames());
    }

    [Fact]
    public async Task Write_BeyondTheWindow_WaitsForCredit()
    {
        YamuxStream stream = _link.Dialer.Open();
        ValueTask<StreamEnd> writing = stream.WriteAsync(new byte[600 * 1024], Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();

        Assert.False(writing.IsCompleted);
        Assert.Equal(0u, accepted.ReceiveCredit);
        int total = 0;
        var buffer = new byte[50_000];
        while (total < 600 * 1024)
        {
            total += (await accepted.ReadAsync(buffer, Token)).Count;
            _link.Exchange();
        }

        Assert.Equal(StreamEnd.None, await writing);
        Assert.Equal(600 * 1024, total);
    }

    [Fact]
    public async Task Read_HalfTheWindow_GivesCreditBackOnce()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.WriteAsync(new byte[256 * 1024], Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();
        var buffer = new byte[1024];

        for (int i = 0; i < 127; i++)
        {
            await accepted.ReadAsync(buffer, Token);
        }

        Assert.Empty(_link.Listener.TakeFrames());
        await accepted.ReadAsync(buffer, Token);

        (YamuxHeader update, _) = Assert.Single(_link.Listener.TakeFrames());
        Assert.Equal(new YamuxHeader(YamuxFrameType.WindowUpdate, YamuxFlags.Ack, 1, 128 * 1024), update);
    }

    [Fact]
    public async Task Read_Cancelled_LosesNothing()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.WriteAsync("a"u8.ToArray(), Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();
        await ReadTextAsync(accepted);
        using var cancel = new CancellationTokenSource();
        ValueTask<StreamRead> pending = accepted.ReadAsync(new byte[10], cancel.Token);

        await cancel.CancelAsync();
        Assert.Equal(new StreamRead(0, StreamEnd.Cancelled), await pending);
        Assert.Equal(StreamEnd.None, accepted.End);
        await stream.WriteAsync("b"u8.ToArray(), Token);
        _link.Exchange();

        Assert.Equal("b", await ReadTextAsync(accepted));
        Assert.Equal(new StreamRead(0, StreamEnd.Cancelled), await accepted.ReadAsync(new byte[10], cancel.Token));
    }

    [Fact]
    public async Task Write_Cancelled_ResetsTheStream()
    {
        YamuxStream stream = _link.Dialer.Open();
        using var cancel = new CancellationTokenSource();
        ValueTask<StreamEnd> writing = stream.WriteAsync(new byte[300 * 1024], cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal(StreamEnd.Cancelled, await writing);
        Assert.Equal(StreamEnd.Cancelled, stream.End);
        _link.Exchange();
        Assert.Equal(StreamEnd.ResetByPeer, _link.Listener.Accepted().End);
    }

    [Fact]
    public async Task Write_TokenCancelledBefore_DoesNothing()
    {
        YamuxStream stream = _link.Dialer.Open();

        Assert.Equal(StreamEnd.Cancelled, await stream.WriteAsync(new byte[1], new CancellationToken(true)));

        Assert.Equal(StreamEnd.None, stream.End);
        Assert.Empty(_link.Dialer.TakeFrames());
    }

    [Fact]
    public async Task ReadAndWrite_TwoAtATime_AreCallersBugs()
    {
        YamuxStream stream = _link.Dialer.Open();
        _ = stream.ReadAsync(new byte[1], Token).AsTask();
        _link.Dialer.IsBlocked = true;
        _ = stream.WriteAsync(new byte[1], Token).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.ReadAsync(new byte[1], Token));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[1], Token));
    }

    [Fact]
    public async Task Read_EmptyDestination_WaitsUntilSomethingIsThere()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.WriteAsync("a"u8.ToArray(), Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();
        await ReadTextAsync(accepted);
        ValueTask<StreamRead> pending = accepted.ReadAsync(Memory<byte>.Empty, Token);
        Assert.False(pending.IsCompleted);

        await stream.WriteAsync("b"u8.ToArray(), Token);
        _link.Exchange();

        Assert.Equal(new StreamRead(0, StreamEnd.None), await pending);
        Assert.Equal("b", await ReadTextAsync(accepted));
    }

    [Fact]
    public async Task End_OfTheSession_LeavesWhatWasReceivedReadable()
    {
        YamuxStream stream = _link.Dialer.Open();
        await stream.WriteAsync("last words"u8.ToArray(), Token);
        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();

        _link.Listener.Session.End();

        Assert.Equal(StreamEnd.ConnectionLost, accepted.End);
        Assert.Equal("last words", await ReadTextAsync(accepted));
        Assert.Equal(new StreamRead(0, StreamEnd.ConnectionLost), await accepted.ReadAsync(new byte[10], Token));
        Assert.Equal(YamuxOpenFailure.SessionEnded, _link.Listener.Session.TryOpen(out _));
    }

    [Fact]
    public async Task TinyFrames_ManyUnread_TakeNoMoreMemoryThanTheirBytes()
    {
        YamuxStream stream = _link.Dialer.Open();
        for (int i = 0; i < 20_000; i++)
        {
            await stream.WriteAsync(new byte[1], Token);
        }

        _link.Exchange();
        YamuxStream accepted = _link.Listener.Accepted();

        Assert.Equal(2, _link.Listener.Blocks.Outstanding);
        accepted.Discard();
        Assert.Equal(0, _link.Listener.Blocks.Outstanding);
    }

    private static async Task<string> ReadTextAsync(YamuxStream stream)
    {
        var buffer = new byte[100];
        StreamRead read = await stream.ReadAsync(buffer, Token);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, read.Count);
    }

    private static byte[] Copy(YamuxEnd from, int pieceBytes, YamuxEnd to)
    {
        byte[] bytes = from.TakeBytes();
        foreach (byte[] piece in bytes.Chunk(Math.Min(pieceBytes, 1 << 20)))
        {
            Assert.Equal(YamuxFault.None, to.Session.Receive(piece));
        }

        to.Session.EndBatch();
        return bytes;
    }
}
