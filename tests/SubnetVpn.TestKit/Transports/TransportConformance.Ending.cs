using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

// Every way a stream can end.
public abstract partial class TransportConformance
{
    [Fact(Timeout = Limit)]
    public async Task CloseWrite_PeerReadsToTheEndAndAnswers()
    {
        var (opened, accepted) = await ConnectAsync();
        var (question, answer) = (StreamIO.Pattern(500_000, seed: 6), StreamIO.Pattern(500_000, seed: 7));

        var asking = opened.WriteAsync(question, Token);
        var reading = accepted.ReadToEndAsync(Token);
        Assert.Equal(StreamEnd.None, await asking);
        await opened.CloseWriteAsync(Token);
        await opened.CloseWriteAsync(Token);
        var asked = await reading;
        var answering = accepted.WriteAsync(answer, Token);
        var answered = await opened.ReadAsync(answer.Length, Token);
        Assert.Equal(StreamEnd.None, await answering);
        await accepted.CloseWriteAsync(Token);

        Assert.Equal(StreamEnd.Completed, asked.End);
        Assert.Equal(question, asked.Bytes);
        Assert.Equal(answer, answered);
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await opened.ReadAsync(new byte[1].AsMemory(), Token));
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await opened.ReadAsync(new byte[1].AsMemory(), Token));
    }

    [Fact(Timeout = Limit)]
    public async Task CloseWrite_ThenDispose_PeerStillReadsEverything()
    {
        var (opened, accepted) = await ConnectAsync();
        var bytes = StreamIO.Pattern(100_000, seed: 8);

        Assert.Equal(StreamEnd.None, await opened.WriteAsync(bytes, Token));
        await opened.CloseWriteAsync(Token);
        await opened.DisposeAsync();
        var (read, end) = await accepted.ReadToEndAsync(Token);

        Assert.Equal(StreamEnd.Completed, end);
        Assert.Equal(bytes, read);
    }

    [Fact(Timeout = Limit)]
    public async Task CloseWrite_ThenDispose_PeerCannotGoOnWriting()
    {
        var (opened, accepted) = await ConnectAsync();

        await opened.CloseWriteAsync(Token);
        await opened.DisposeAsync();
        var end = await WriteUntilItEndsAsync(accepted);

        Assert.Equal(StreamEnd.ResetByPeer, end);
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_Unfinished_ResetsAtThePeer()
    {
        var (opened, accepted) = await ConnectAsync();

        var reading = accepted.ReadToEndAsync(Token);
        await opened.DisposeAsync();
        await opened.DisposeAsync();

        Assert.Equal(StreamEnd.ResetByPeer, (await reading).End);
        Assert.Equal(StreamEnd.Disposed, await opened.WriteAsync(new byte[1], Token));
        Assert.Equal(new StreamRead(0, StreamEnd.Disposed), await opened.ReadAsync(new byte[1].AsMemory(), Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_WhileReading_EndsTheRead()
    {
        var (opened, _) = await ConnectAsync();

        var reading = opened.ReadAsync(new byte[1].AsMemory(), Token).AsTask();
        await opened.DisposeAsync();

        Assert.Equal(new StreamRead(0, StreamEnd.Disposed), await reading);
    }

    [Fact(Timeout = Limit)]
    public async Task Reset_EndsBothDirectionsAtBothEnds()
    {
        var (opened, accepted) = await ConnectAsync();

        var localRead = opened.ReadAsync(new byte[1].AsMemory(), Token).AsTask();
        var remoteRead = accepted.ReadAsync(new byte[1].AsMemory(), Token).AsTask();
        opened.Reset();
        opened.Reset();

        Assert.Equal(new StreamRead(0, StreamEnd.ResetLocally), await localRead);
        Assert.Equal(new StreamRead(0, StreamEnd.ResetByPeer), await remoteRead);
        Assert.Equal(StreamEnd.ResetLocally, await opened.WriteAsync(new byte[1], Token));
        Assert.Equal(StreamEnd.ResetByPeer, await accepted.WriteAsync(new byte[1], Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Reset_ByTheAcceptor_EndsAWriteThatWaits()
    {
        var (opened, accepted) = await ConnectAsync();

        var writing = opened.WriteAsync(new byte[MoreThanAnyWindow], Token);
        accepted.Reset();

        // Until the news arrives, what is written may be accepted.
        var end = await writing;
        while (end == StreamEnd.None)
            end = await opened.WriteAsync(new byte[MoreThanAnyWindow], Token);
        Assert.Equal(StreamEnd.ResetByPeer, end);
    }

    [Fact(Timeout = Limit)]
    public async Task Reset_AfterTheEnd_TheFirstReasonStays()
    {
        var (opened, accepted) = await ConnectAsync();

        opened.Reset();
        var first = await accepted.ReadAsync(new byte[1].AsMemory(), Token);
        accepted.Reset();
        await accepted.DisposeAsync();

        Assert.Equal(StreamEnd.ResetByPeer, first.End);
        Assert.Equal(StreamEnd.ResetByPeer, (await accepted.ReadAsync(new byte[1].AsMemory(), Token)).End);
    }

    [Fact(Timeout = Limit)]
    public async Task Handler_Throws_ResetsTheStream()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        // A byte first: a stream that is reset at once may as well count as one that was never opened.
        using var registration = other.Transport.HandleStreams(Protocol, static async (stream, token) =>
        {
            await stream.ReadAsync(1, token);
            throw new InvalidTimeZoneException("A handler with a bug.");
        });

        var stream = await one.OpenAsync(other, Protocol, Token);
        await stream.WriteAsync(new byte[1], Token);
        var (_, end) = await stream.ReadToEndAsync(Token);

        Assert.Equal(StreamEnd.ResetByPeer, end);
    }

    [Fact(Timeout = Limit)]
    public async Task Handler_Returns_TheStreamIsDisposedOf()
    {
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        var accepted = new TaskCompletionSource<IVpnStream>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = other.Transport.HandleStreams(Protocol, async (stream, token) =>
        {
            await stream.ReadAsync(1, token);
            accepted.SetResult(stream);
        });

        var stream = await one.OpenAsync(other, Protocol, Token);
        await stream.WriteAsync(new byte[1], Token);
        var (_, end) = await stream.ReadToEndAsync(Token);

        Assert.Equal(StreamEnd.ResetByPeer, end);
        Assert.Equal(StreamEnd.Disposed, await (await accepted.Task).WriteAsync(new byte[1], Token));
    }

    private static async Task<StreamEnd> WriteUntilItEndsAsync(IVpnStream stream)
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            if (await stream.WriteAsync(new byte[16 * 1024], Token) is not StreamEnd.None and var end)
                return end;
        }
    }
}
