using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Tests.Hosting;

[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100)]
    [InlineData(1400)]
    [InlineData(64 * 1024)]
    public async Task ReadAndWrite_SteadyState_AllocatesNothing(int size)
    {
        const int operations = 20_000;

        // No timer that could tick meanwhile.
        await using HostPair pair = await HostPair.StartAsync(static options => options.Yamux.KeepAliveInterval = TimeSpan.FromHours(1));
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await pair.OpenAsync();
        using var lifetime = new CancellationTokenSource();
        await EchoAsync(stream, size, operations / 4, lifetime.Token);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await EchoAsync(stream, size, operations, lifetime.Token);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // Each round is a write and a read on both sides, most of them waiting. One object for each would be 40 bytes or more;
        // the runner's own threads and the thread pool's queues, which grow now and then, are allowed a little.
        Assert.True(allocated < operations * 8, $"{allocated} bytes for {operations} rounds of {size} bytes");
    }

    [Fact]
    public async Task Write_OneWay_AllocatesNothing()
    {
        const int operations = 20_000;
        await using HostPair pair = await HostPair.StartAsync(static options => options.Yamux.KeepAliveInterval = TimeSpan.FromHours(1));
        long total = 0;
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, async (stream, cancellationToken) =>
        {
            var buffer = new byte[256 * 1024];
            for (StreamRead read; (read = await stream.ReadAsync(buffer, cancellationToken)).Count > 0;)
            {
                Interlocked.Add(ref total, read.Count);
            }
        });
        using Libp2pStream stream = await pair.OpenAsync();
        ReadOnlyMemory<byte>[] segments = [new byte[14], new byte[1386]];
        await SendAsync(stream, segments, operations);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await SendAsync(stream, segments, operations);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.True(allocated < operations * 8, $"{allocated} bytes for {operations} writes");
    }

    private static async Task SendAsync(Libp2pStream stream, ReadOnlyMemory<byte>[] segments, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (await stream.WriteAsync(segments, Token) != StreamEnd.None)
            {
                Assert.Fail("The stream ended.");
            }
        }
    }

    private static async Task EchoAsync(Libp2pStream stream, int size, int count, CancellationToken cancellationToken)
    {
        var data = new byte[size];
        var buffer = new byte[size];
        for (int i = 0; i < count; i++)
        {
            if (await stream.WriteAsync(data, cancellationToken) != StreamEnd.None)
            {
                Assert.Fail("The stream ended.");
            }

            for (int received = 0; received < size;)
            {
                received += (await stream.ReadAsync(buffer.AsMemory(received), cancellationToken)).Count;
            }
        }
    }
}
