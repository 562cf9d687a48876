using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Tests.Hosting;

public class WriteBatchTests
{
    private const int Size = 100, YamuxHeader = 12, NoiseOverhead = 2 + 16;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_OfSeveralStreams_LeaveTogetherAtTheEnd()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Libp2pStream[] streams = [await OpenAsync(pair, 0), await OpenAsync(pair, 0), await OpenAsync(pair, 0)];
        Libp2pConnection connection = Assert.Single(pair.Client.Connections);
        long before = connection.BytesSent;

        (bool[] held, ValueTask<StreamEnd>[] writes) = WriteTogether(streams);
        long sent = connection.BytesSent - before;

        Assert.Equal([false, false, false], held);
        foreach (ValueTask<StreamEnd> write in writes)
        {
            Assert.True(write.IsCompleted);
            Assert.Equal(StreamEnd.None, await write);
        }

        Assert.Equal((streams.Length * (YamuxHeader + Size)) + NoiseOverhead, sent);
        foreach (Libp2pStream stream in streams)
        {
            await ReadAsync(stream);
        }
    }

    [Fact]
    public async Task Writes_OnSeveralConnections_LeaveOneByOneAndArrive()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Libp2pStream[] streams = [await OpenAsync(pair, 0), await OpenAsync(pair, 1)];
        Assert.Equal(2, pair.Client.Connections.Count);

        for (int i = 0; i < 100; i++)
        {
            foreach (ValueTask<StreamEnd> write in WriteTogether(streams).Writes)
            {
                Assert.Equal(StreamEnd.None, await write);
            }

            foreach (Libp2pStream stream in streams)
            {
                await ReadAsync(stream);
            }
        }
    }

    // They are resumed when the batch has ended, and what they write then waits for nobody.
    [Fact]
    public async Task Continuations_RunOnTheSameThread_AndMayWrite()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await OpenAsync(pair, 0);

        (Task<int> second, int thread) = Begin();

        Assert.Equal(thread, await second);
        await ReadAsync(stream);
        await ReadAsync(stream);

        (Task<int> Second, int Thread) Begin()
        {
            WriteBatch.Begin();
            Task<int> twice = WriteTwiceAsync();
            Assert.False(twice.IsCompleted);
            WriteBatch.End();
            return (twice, Environment.CurrentManagedThreadId);
        }

        async Task<int> WriteTwiceAsync()
        {
            await stream.WriteAsync(new byte[Size], Token).ConfigureAwait(false);
            int thread = Environment.CurrentManagedThreadId;
            await stream.WriteAsync(new byte[Size], Token).ConfigureAwait(false);
            return thread;
        }
    }

    [Fact]
    public void Begin_Twice_IsACallersBug()
    {
        WriteBatch.Begin();
        try
        {
            Assert.Throws<InvalidOperationException>(WriteBatch.Begin);
        }
        finally
        {
            WriteBatch.End();
        }

        WriteBatch.End();
        WriteBatch.Begin();
        WriteBatch.End();
    }

    // The opening frames are through.
    private static async Task<Libp2pStream> OpenAsync(HostPair pair, int lane)
    {
        Libp2pStream stream = await pair.OpenAsync(lane);
        await stream.WriteAsync(new byte[Size], Token);
        await ReadAsync(stream);
        return stream;
    }

    private static (bool[] Held, ValueTask<StreamEnd>[] Writes) WriteTogether(Libp2pStream[] streams)
    {
        WriteBatch.Begin();
        try
        {
            ValueTask<StreamEnd>[] writes = [.. streams.Select(static stream => stream.WriteAsync(new byte[Size], Token))];
            return ([.. writes.Select(static write => write.IsCompleted)], writes);
        }
        finally
        {
            WriteBatch.End();
        }
    }

    private static async Task ReadAsync(Libp2pStream stream)
    {
        byte[] bytes = new byte[Size];
        for (int done = 0; done < Size;)
        {
            StreamRead read = await stream.ReadAsync(bytes.AsMemory(done), Token);
            Assert.True(read.Count > 0, $"{read.End}");
            done += read.Count;
        }
    }
}
