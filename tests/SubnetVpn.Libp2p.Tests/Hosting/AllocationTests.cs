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
        const int operations = 5_000;

        // No timer that could tick meanwhile.
        await using HostPair pair = await HostPair.StartAsync(static options => options.Yamux.KeepAliveInterval = TimeSpan.FromHours(1));
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await pair.OpenAsync();
        using var lifetime = new CancellationTokenSource();
        var data = new byte[size];
        var buffer = new byte[size];

        await AssertAllocatesNothingAsync(() => EchoAsync(stream, data, buffer, operations, lifetime.Token), operations);
    }

    [Fact]
    public async Task Write_OneWay_AllocatesNothing()
    {
        const int operations = 5_000;
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

        await AssertAllocatesNothingAsync(() => SendAsync(stream, segments, operations), operations);
    }

    /// <summary>
    /// Pools and queues still grow now and then, and the runner has threads of its own; so the best of a few runs counts.
    /// One object for each operation would be 24 bytes or more in every run.
    /// </summary>
    private static async Task AssertAllocatesNothingAsync(Func<Task> run, int operations)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 6 && least >= operations; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.True(least < operations, $"{least} bytes for {operations} operations");
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

    private static async Task EchoAsync(Libp2pStream stream, byte[] data, byte[] buffer, int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            if (await stream.WriteAsync(data, cancellationToken) != StreamEnd.None)
            {
                Assert.Fail("The stream ended.");
            }

            for (int received = 0; received < data.Length;)
            {
                received += (await stream.ReadAsync(buffer.AsMemory(received), cancellationToken)).Count;
            }
        }
    }
}
