using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

// Bytes: order, both ways, back pressure, cancellation.
public abstract partial class TransportConformance
{
    [Fact(Timeout = Limit)]
    public async Task Write_BatchOfSeveralBuffers_ArrivesAsOneRun()
    {
        var (opened, accepted) = await ConnectAsync();
        var expected = StreamIO.Pattern(100_000, seed: 1);
        var batch = new List<PacketBuffer>();
        foreach (var length in new[] { 1, 1400, 0, 60_000, 7, expected.Length - 61_408 })
        {
            var buffer = new PacketBuffer(Math.Max(1, length));
            buffer.Set(expected.AsSpan(batch.Sum(static earlier => earlier.Length), length));
            batch.Add(buffer);
        }

        var writing = opened.WriteAsync(batch.ToArray(), Token);
        var read = await accepted.ReadAsync(expected.Length, Token);

        Assert.Equal(StreamEnd.None, await writing);
        Assert.Equal(expected, read);
    }

    [Fact(Timeout = Limit)]
    public async Task BeginWrites_HoldsBackTheWritesOfTheThread_UntilEndWrites()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        Assert.SkipUnless(one.Transport is IWriteBatching, "This transport does not join writes.");
        var (first, second) = (await ConnectAsync(one, other), await ConnectAsync(one, other));

        var (isHeld, writes) = WriteBoth();

        Assert.True(isHeld);
        Assert.Equal([StreamEnd.None, StreamEnd.None], await Task.WhenAll(writes));
        Assert.Equal([1], await first.Accepted.ReadAsync(1, Token));
        Assert.Equal([2], await second.Accepted.ReadAsync(1, Token));

        (bool IsHeld, Task<StreamEnd>[] Writes) WriteBoth()
        {
            var batching = (IWriteBatching)one.Transport;
            batching.BeginWrites();
            try
            {
                Task<StreamEnd>[] writes = [first.Opened.WriteAsync(new byte[] { 1 }, Token), second.Opened.WriteAsync(new byte[] { 2 }, Token)];
                return (writes.All(static write => !write.IsCompleted), writes);
            }
            finally
            {
                batching.EndWrites();
            }
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Write_EmptyBatch_DoesNothing()
    {
        var (opened, accepted) = await ConnectAsync();

        Assert.Equal(StreamEnd.None, await opened.WriteAsync(ReadOnlyMemory<PacketBuffer>.Empty, Token));
        await opened.WriteAsync(new byte[] { 7 }, Token);

        Assert.Equal([7], await accepted.ReadAsync(1, Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Write_BothDirectionsAtOnce_AllArrives()
    {
        var (opened, accepted) = await ConnectAsync();
        var (there, back) = (StreamIO.Pattern(3_000_000, seed: 2), StreamIO.Pattern(3_000_000, seed: 3));

        var writes = Task.WhenAll(opened.WriteAsync(there, Token), accepted.WriteAsync(back, Token));
        var reads = await Task.WhenAll(accepted.ReadAsync(there.Length, Token), opened.ReadAsync(back.Length, Token));

        Assert.Equal([StreamEnd.None, StreamEnd.None], await writes);
        Assert.Equal(there, reads[0]);
        Assert.Equal(back, reads[1]);
    }

    [Fact(Timeout = Limit)]
    public async Task Write_ReaderStops_OnlyItsStreamWaits()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        var (slow, slowReader) = await ConnectAsync(one, other);
        var (fast, fastReader) = await ConnectAsync(one, other);
        var bytes = StreamIO.Pattern(MoreThanAnyWindow, seed: 4);
        var small = StreamIO.Pattern(2_000_000, seed: 5);

        var slowWrite = slow.WriteAsync(bytes, Token);
        var fastWrite = fast.WriteAsync(small, Token);
        var fastRead = await fastReader.ReadAsync(small.Length, Token);

        Assert.False(slowWrite.IsCompleted, "The stream took more than it may without a reader.");
        Assert.Equal(StreamEnd.None, await fastWrite);
        Assert.Equal(small, fastRead);
        var slowRead = await slowReader.ReadAsync(bytes.Length, Token);
        Assert.Equal(StreamEnd.None, await slowWrite);
        Assert.True(bytes.AsSpan().SequenceEqual(slowRead), "The bytes of the slow stream differ.");
    }

    [Fact(Timeout = Limit)]
    public async Task Open_TwoHundredStreamsAtOnce_EachHasItsOwnBytes()
    {
        const int Streams = 200;
        var (one, other) = (await CreateDialerAsync(), await CreateNodeAsync());
        using var echo = other.Transport.HandleStreams(Protocol, static async (stream, token) =>
        {
            var (bytes, _) = await stream.ReadToEndAsync(token);
            await stream.WriteAsync(bytes, token);
            await stream.CloseWriteAsync(token);
        });

        var ends = await Task.WhenAll(Enumerable.Range(0, Streams).Select(number => Task.Run(() => EchoAsync(number), Token)));

        Assert.All(ends, static end => Assert.Equal(StreamEnd.Completed, end));

        async Task<StreamEnd> EchoAsync(int number)
        {
            await using var stream = await one.OpenAsync(other, Protocol, Token);
            var bytes = StreamIO.Pattern(20_000 + number, seed: number);
            Assert.Equal(StreamEnd.None, await stream.WriteAsync(bytes, Token));
            await stream.CloseWriteAsync(Token);
            var (back, end) = await stream.ReadToEndAsync(Token);
            Assert.Equal(bytes, back);
            return end;
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Read_Cancelled_LosesNoByte()
    {
        var (opened, accepted) = await ConnectAsync();
        var buffer = new byte[16];
        using var cancelled = new CancellationTokenSource();

        var read = accepted.ReadAsync(buffer.AsMemory(), cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await opened.WriteAsync(new byte[] { 1, 2, 3 }, Token);

        Assert.Equal([1, 2, 3], await accepted.ReadAsync(3, Token));
    }

    [Fact(Timeout = Limit)]
    public async Task Write_Cancelled_ResetsTheStream()
    {
        var (opened, accepted) = await ConnectAsync();
        using var cancelled = new CancellationTokenSource();

        var writing = opened.WriteAsync(new byte[MoreThanAnyWindow], cancelled.Token);
        await cancelled.CancelAsync();

        Assert.Equal(StreamEnd.Cancelled, await writing);
        Assert.Equal(StreamEnd.Cancelled, await opened.WriteAsync(new byte[1], Token));
        var (_, end) = await accepted.ReadToEndAsync(Token);
        Assert.Equal(StreamEnd.ResetByPeer, end);
    }
}
