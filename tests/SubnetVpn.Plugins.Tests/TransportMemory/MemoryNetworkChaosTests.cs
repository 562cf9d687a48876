using SubnetVpn.Streams;
using SubnetVpn.TestKit.Leaks;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

/// <summary>Everything at once, from several threads: what arrives is right, everything ends, nothing stays behind.</summary>
public sealed class MemoryNetworkChaosTests
{
    private const int Streams = 40;
    private static readonly byte[] s_bytes = StreamIO.Pattern(600_000, seed: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    public async Task FaultsOfEveryKind_StreamsEndAndNothingIsWrong(int seed, int delayMilliseconds)
    {
        var settings = new MemoryLinkSettings { Delay = TimeSpan.FromMilliseconds(delayMilliseconds), SplitReads = true };
        await using var lab = new MemoryLab(TimeProvider.System, settings, seed);
        var wrong = 0;
        using var registration = lab.Other.Transport.HandleStreams("/chaos", async (stream, token) =>
        {
            // An exception here would only reset the stream.
            if (!IsPrefix((await stream.ReadToEndAsync(token)).Bytes))
                Interlocked.Increment(ref wrong);
            await stream.WriteAsync(s_bytes, token);
            await stream.CloseWriteAsync(token);
        });
        var (finished, completed) = (0, 0);

        await using (var tracker = new TaskTracker())
        {
            for (var i = 0; i < Streams; i++)
            {
                var number = i;
                _ = tracker.Track(Task.Run(() => UseAsync(number), Token), $"stream {number}");
            }
            _ = tracker.Track(Task.Run(DisturbAsync, Token), "the faults");
        }

        Assert.True(completed > 0, "No stream got through between the faults.");
        Assert.Equal(0, wrong);
        await Eventually.TrueAsync(() => ((ITransportDiagnostics)lab.One.Transport).GetSnapshot().Connections.All(static connection => connection.Streams == 0));

        async Task UseAsync(int number)
        {
            var random = new Random((seed * 1000) + number);
            for (var attempt = 0; attempt < 20; attempt++)
            {
                var result = await lab.One.Transport.OpenStreamAsync(lab.Other.Endpoint, new StreamRequest(["/chaos"]) { Lane = number }, Token);
                if (result.Stream is { } stream && await TalkAsync(stream, random.Next(6) == 0))
                {
                    Interlocked.Increment(ref completed);
                    break;
                }
            }
            Interlocked.Increment(ref finished);
        }

        async Task DisturbAsync()
        {
            var random = new Random(seed);
            var (one, other) = (lab.One.Peer, lab.Other.Peer);
            while (Volatile.Read(ref finished) < Streams)
            {
                var link = random.Next(2) == 0 ? lab.Network.Link(one, other) : lab.Network.Link(other, one);
                link.Pause();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2)), TimeProvider.System, Token);
                if (random.Next(8) == 0)
                    lab.Network.DropConnections(one, other);
                if (random.Next(8) == 0)
                    lab.Network.ResetStreams(one, other);
                if (random.Next(8) == 0)
                    lab.Network.Cut(one, other);
                lab.Network.Restore(one, other);
                link.Resume();
                // Long enough that something gets through.
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10)), TimeProvider.System, Token);
            }
        }
    }

    private static async Task<bool> TalkAsync(IVpnStream stream, bool giveUp)
    {
        await using var disposal = stream;
        using var limit = new CancellationTokenSource(giveUp ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMinutes(1));
        if (await stream.WriteAsync(s_bytes, limit.Token) != StreamEnd.None)
            return false;
        await stream.CloseWriteAsync(Token);
        var (bytes, end) = await stream.ReadToEndAsync(Token);
        Assert.True(IsPrefix(bytes), $"{bytes.Length} bytes arrived, and are not what was sent.");
        Assert.True(end != StreamEnd.Completed || bytes.Length == s_bytes.Length, $"{end} after {bytes.Length} bytes");
        return end == StreamEnd.Completed;
    }

    private static bool IsPrefix(byte[] bytes) => s_bytes.AsSpan().StartsWith(bytes);
}
