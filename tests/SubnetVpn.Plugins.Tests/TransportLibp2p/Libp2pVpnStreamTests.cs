using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

/// <summary>What the conformance kit does not ask of every transport.</summary>
public class Libp2pVpnStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_WritingClosedWhileReading_EndsTheReadAndStillDeliversWhatWasWritten()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, accepted) = await pair.OpenAsync(Token);
        var bytes = StreamIO.Pattern(200_000, seed: 1);

        var reading = opened.ReadAsync(new byte[1].AsMemory(), Token).AsTask();
        Assert.Equal(StreamEnd.None, await opened.WriteAsync(bytes, Token));
        await opened.CloseWriteAsync(Token);
        await opened.DisposeAsync();

        Assert.Equal(new StreamRead(0, StreamEnd.Disposed), await reading);
        var (read, end) = await accepted.ReadToEndAsync(Token);
        Assert.Equal(StreamEnd.Completed, end);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task Dispose_WritingClosed_PeerThatNeverFinishesIsResetAfterAWhile()
    {
        var time = new ManualTimeProvider();
        await using var pair = await TransportPair.CreateAsync(Token, time);
        var (opened, accepted) = await pair.OpenAsync(Token);

        await opened.CloseWriteAsync(Token);
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await accepted.ReadAsync(new byte[1].AsMemory(), Token));
        await opened.DisposeAsync();
        Assert.Equal(StreamEnd.None, await accepted.WriteAsync(new byte[1], Token));
        time.Advance(TimeSpan.FromSeconds(5));

        await Eventually.TrueAsync(() => accepted.WriteAsync(new byte[1], Token).GetAwaiter().GetResult() == StreamEnd.ResetByPeer);
    }

    [Fact]
    public async Task Dispose_WritingClosed_PeerThatFinishesTooLeavesNoStream()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, accepted) = await pair.OpenAsync(Token);

        await opened.CloseWriteAsync(Token);
        await opened.DisposeAsync();
        Assert.Equal(StreamEnd.Completed, (await accepted.ReadToEndAsync(Token)).End);
        await accepted.CloseWriteAsync(Token);

        await Eventually.TrueAsync(() => pair.First.GetSnapshot().Connections.Sum(connection => connection.Streams) == 0);
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), await accepted.ReadAsync(new byte[1].AsMemory(), Token));
    }

    [Fact]
    public async Task Read_CancelledThenRepeated_LosesNothing()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, accepted) = await pair.OpenAsync(Token);

        for (byte round = 1; round <= 20; round++)
        {
            using var cancel = new CancellationTokenSource();
            var reading = accepted.ReadAsync(new byte[10].AsMemory(), cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            await opened.WriteAsync(new[] { round }, Token);

            Assert.Equal([round], await accepted.ReadAsync(1, Token));
        }
    }

    [Fact]
    public async Task Write_WithCancelledToken_EndsTheStreamAsCancelled()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, accepted) = await pair.OpenAsync(Token);

        var buffer = new PacketBuffer(1);
        buffer.Set([1]);
        var end = await opened.WriteAsync(new[] { buffer }, new CancellationToken(canceled: true));

        Assert.Equal(StreamEnd.Cancelled, end);
        Assert.Equal(new StreamRead(0, StreamEnd.Cancelled), await opened.ReadAsync(new byte[1].AsMemory(), Token));
        Assert.Equal(StreamEnd.ResetByPeer, (await accepted.ReadToEndAsync(Token)).End);
    }

    [Fact]
    public async Task Read_TwoAtOnce_ThrowsAndTheFirstGoesOn()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, accepted) = await pair.OpenAsync(Token);

        var reading = accepted.ReadAsync(new byte[1].AsMemory(), Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await accepted.ReadAsync(new byte[1].AsMemory(), Token));
        await opened.WriteAsync(new byte[1], Token);

        Assert.Equal(new StreamRead(1, StreamEnd.None), await reading);
    }

    [Fact]
    public async Task Write_AfterCloseWrite_ThrowsAndGoesOnThrowing()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, _) = await pair.OpenAsync(Token);

        await opened.CloseWriteAsync(Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => opened.WriteAsync(new byte[1], Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => opened.WriteAsync(new byte[1], Token));
    }
}
