using System.Diagnostics;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Tests.Hosting;

public class ThroughputTests
{
    [Fact]
    public async Task Throughput_64KiBWritesOverLoopback_IsReported()
    {
        const int writeBytes = 64 * 1024;
        const int writes = 16 * 1024;
        await using HostPair pair = await HostPair.StartAsync();
        var received = new TaskCompletionSource<long>();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, async (stream, cancellationToken) =>
        {
            var buffer = new byte[256 * 1024];
            long total = 0;
            for (StreamRead read; (read = await stream.ReadAsync(buffer, cancellationToken)).Count > 0;)
            {
                total += read.Count;
            }

            received.SetResult(total);
        });

        using Libp2pStream stream = await pair.OpenAsync();
        var data = new byte[writeBytes];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < writes; i++)
        {
            Assert.Equal(StreamEnd.None, await stream.WriteAsync(data, TestContext.Current.CancellationToken));
        }

        await stream.CloseWriteAsync(TestContext.Current.CancellationToken);
        long total = await received.Task;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);

        Assert.Equal((long)writes * writeBytes, total);
        Assert.True(stream.Connection.BytesSent > total);
        TestContext.Current.SendDiagnosticMessage(
            $"{total * 8 / elapsed.TotalSeconds / 1e9:0.00} Gbit/s, congestion control {stream.Connection.Congestion}, round trip {stream.Connection.RoundTrip}");
    }
}
