using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Hosting;

/// <summary>Many streams at once that transfer, cancel, reset and lose their connection: nothing hangs and nothing is left.</summary>
public class StressTests
{
    private const int Workers = 24;
    private const int Rounds = 40;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_RandomUse_LeavesNothing(bool inlineReaders)
    {
        await using HostPair pair = await HostPair.StartAsync(options =>
        {
            options.Yamux.InlineReaders = inlineReaders;
            options.Limits.InboundRatePerAddress = 0;
            options.Dial.BackoffMax = TimeSpan.Zero;
            options.StreamLinger = TimeSpan.FromMilliseconds(200);
        });
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(seed => Task.Run(() => WorkAsync(pair, seed), Token)));

        await Eventually.TrueAsync(() => pair.Client.Connections.Sum(static connection => connection.StreamCount) == 0);
        await Eventually.TrueAsync(() => pair.Server.Connections.Sum(static connection => connection.StreamCount) == 0);
        await Eventually.TrueAsync(() => pair.Client.BuffersInUse == 0);
        await Eventually.TrueAsync(() => pair.Server.BuffersInUse == 0);
        Assert.Equal(0, pair.Server.GetStatistics().HandlerFailures);
        Assert.Empty(pair.Server.GetStatistics().ProtocolErrors);
        Assert.Empty(pair.Client.GetStatistics().ProtocolErrors);
    }

    private static async Task WorkAsync(HostPair pair, int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < Rounds; round++)
        {
            OpenStreamResult opened = await pair.TryOpenAsync(lane: random.Next(4));
            if (opened.Stream is not { } stream)
            {
                // Another worker closed the connection meanwhile.
                continue;
            }

            using (stream)
            {
                switch (random.Next(12))
                {
                    case 0:
                        await CancelWriteAsync(stream, random);
                        break;
                    case 1:
                        await CancelReadsAsync(stream, random);
                        break;
                    case 2:
                        await stream.WriteAsync(new byte[random.Next(100_000)], Token);
                        stream.Reset((uint)round);
                        break;
                    case 3:
                        await ResetWhileBusyAsync(stream, random);
                        break;
                    case 4 when round % 8 == 0:
                        await stream.Connection.CloseAsync();
                        break;
                    default:
                        await EchoAsync(stream, random);
                        break;
                }
            }
        }
    }

    private static async Task EchoAsync(Libp2pStream stream, Random random)
    {
        var data = new byte[random.Next(1, 200_000)];
        random.NextBytes(data);
        Task<StreamEnd> writing = stream.WriteAsync(data, Token).AsTask();
        var received = new byte[data.Length];
        int count = 0;
        while (count < received.Length)
        {
            StreamRead read = await stream.ReadAsync(received.AsMemory(count), Token);
            if (read.Count == 0)
            {
                Assert.Equal(StreamEnd.ConnectionLost, read.End);
                break;
            }

            count += read.Count;
        }

        await writing;
        Assert.Equal(data.AsSpan(0, count), received.AsSpan(0, count));
        if (count == received.Length && random.Next(2) == 0)
        {
            await stream.CloseWriteAsync(Token);
            StreamRead end = await stream.ReadAsync(received, Token);
            Assert.True(end.Count == 0 && end.End is StreamEnd.Completed or StreamEnd.ConnectionLost, end.ToString());
        }
    }

    private static async Task CancelWriteAsync(Libp2pStream stream, Random random)
    {
        using var cancel = new CancellationTokenSource();
        ValueTask<StreamEnd> writing = stream.WriteAsync(new byte[2_000_000], cancel.Token);
        if (random.Next(2) == 0)
        {
            await Task.Yield();
        }

        await cancel.CancelAsync();
        StreamEnd end = await writing;
        Assert.True(end is StreamEnd.Cancelled or StreamEnd.ConnectionLost or StreamEnd.None, end.ToString());
        Assert.NotEqual(StreamEnd.Completed, stream.End);
    }

    private static async Task CancelReadsAsync(Libp2pStream stream, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            using var cancel = new CancellationTokenSource();
            ValueTask<StreamRead> reading = stream.ReadAsync(new byte[100], cancel.Token);
            Task<StreamEnd> writing = stream.WriteAsync(new byte[random.Next(1, 300)], Token).AsTask();
            await cancel.CancelAsync();
            StreamRead read = await reading;
            Assert.True(read.Count > 0 || read.End is StreamEnd.Cancelled or StreamEnd.ConnectionLost, read.ToString());
            await writing;
        }
    }

    private static async Task ResetWhileBusyAsync(Libp2pStream stream, Random random)
    {
        Task<StreamEnd> writing = stream.WriteAsync(new byte[1_000_000], Token).AsTask();
        Task<StreamRead> reading = stream.ReadAsync(new byte[random.Next(1, 1000)], Token).AsTask();
        await Task.WhenAny(writing, reading);
        stream.Reset(9);
        await writing;
        await reading;
    }
}
