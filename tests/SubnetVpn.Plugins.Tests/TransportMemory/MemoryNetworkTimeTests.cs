using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

/// <summary>Links in virtual time: nothing here waits for a real clock.</summary>
public sealed class MemoryNetworkTimeTests
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(10);
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Open_TakesOneRoundTripToDialAndOneToAgree()
    {
        await using var lab = new MemoryLab(_clock, new MemoryLinkSettings { Delay = s_delay });

        await lab.ConnectAsync(_clock);
        var first = _clock.Elapsed;
        await lab.ConnectAsync(_clock);

        Assert.Equal(s_delay * 4, first);
        Assert.Equal(s_delay * 6, _clock.Elapsed);
        Assert.Equal(s_delay * 2, Assert.Single(((ITransportDiagnostics)lab.One.Transport).GetSnapshot().Connections).RoundTripTime);
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_ArrivesAfterTheDelay_NotBefore()
    {
        await using var lab = new MemoryLab(_clock, new MemoryLinkSettings { Delay = s_delay });
        var (opened, accepted) = await lab.ConnectAsync(_clock);

        var reading = accepted.ReadAsync(new byte[8].AsMemory(), Token).AsTask();
        await opened.WriteAsync(new byte[] { 1, 2 }, Token);

        await AssertTakesAsync(s_delay, reading);
        Assert.Equal(new StreamRead(2, StreamEnd.None), await reading);
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_DelayShrinks_NothingOvertakes()
    {
        await using var lab = new MemoryLab(_clock, new MemoryLinkSettings { Delay = s_delay });
        var (opened, accepted) = await lab.ConnectAsync(_clock);

        await opened.WriteAsync(new byte[] { 1 }, Token);
        lab.Network.Link(lab.One.Peer, lab.Other.Peer).Delay = TimeSpan.Zero;
        await opened.WriteAsync(new byte[] { 2 }, Token);
        var reading = accepted.ReadAsync(2, Token);
        Assert.False(reading.IsCompleted);
        _clock.Advance(s_delay);

        Assert.Equal([1, 2], await reading);
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_LimitedBandwidth_IsSharedByAllStreams()
    {
        await using var lab = new MemoryLab(_clock);
        var (first, firstAccepted) = await lab.ConnectAsync(_clock);
        var (second, secondAccepted) = await lab.ConnectAsync(_clock);
        lab.Network.Link(lab.One.Peer, lab.Other.Peer).BytesPerSecond = 1000;

        await first.WriteAsync(new byte[500], Token);
        await second.WriteAsync(new byte[1000], Token);

        await AssertTakesAsync(TimeSpan.FromSeconds(0.5), firstAccepted.ReadAsync(500, Token));
        await AssertTakesAsync(TimeSpan.FromSeconds(1), secondAccepted.ReadAsync(1000, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reset_TakesTheDelay_AndWhatIsUnreadIsLost()
    {
        await using var lab = new MemoryLab(_clock, new MemoryLinkSettings { Delay = s_delay });
        var (opened, accepted) = await lab.ConnectAsync(_clock);

        await opened.WriteAsync(new byte[] { 1 }, Token);
        opened.Reset();
        Assert.Equal(StreamEnd.None, await accepted.WriteAsync(new byte[1], Token));
        _clock.Advance(s_delay);

        Assert.Equal(new StreamRead(0, StreamEnd.ResetByPeer), await accepted.ReadAsync(new byte[8].AsMemory(), Token));
        Assert.Equal(StreamEnd.ResetByPeer, await accepted.WriteAsync(new byte[1], Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task CloseWrite_ComesAfterWhatWasWritten()
    {
        await using var lab = new MemoryLab(_clock, new MemoryLinkSettings { Delay = s_delay, BytesPerSecond = 100_000 });
        var (opened, accepted) = await lab.ConnectAsync(_clock);
        var bytes = StreamIO.Pattern(50_000, seed: 1);

        await opened.WriteAsync(bytes, Token);
        await opened.CloseWriteAsync(Token);
        var reading = accepted.ReadToEndAsync(Token);
        await _clock.RunUntilAsync(reading);

        Assert.Equal((await reading).Bytes, bytes);
        Assert.Equal(StreamEnd.Completed, (await reading).End);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_PeerDoesNotAnswer_TimesOut()
    {
        await using var lab = new MemoryLab(_clock);
        lab.Network.Link(lab.Other.Peer, lab.One.Peer).Pause();

        var opening = lab.OpenAsync().AsTask();
        await _clock.RunUntilAsync(opening);

        Assert.Equal(OpenStreamFailure.TimedOut, (await opening).Failure);
        Assert.Equal(TimeSpan.FromSeconds(15), _clock.Elapsed);
    }

    [Fact(Timeout = 60_000)]
    public async Task SplitReads_SameSeed_SameHistory()
    {
        var first = await ReadSizesAsync(seed: 7);
        var second = await ReadSizesAsync(seed: 7);
        var other = await ReadSizesAsync(seed: 8);

        Assert.True(first.Count > 5, $"{first.Count} reads");
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact(Timeout = 60_000)]
    public async Task ReadAndWrite_SteadyState_AllocateNothing()
    {
        await using var lab = new MemoryLab(_clock);
        var (opened, accepted) = await lab.ConnectAsync();
        var buffer = new PacketBuffer(1400);
        buffer.SetLength(1400);
        var (batch, destination) = (new[] { buffer, buffer, buffer }, new byte[8192]);
        Run(200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(2_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.True(opened.WriteAsync(batch, CancellationToken.None).Now() == StreamEnd.None);
                Assert.True(accepted.ReadAsync(destination.AsMemory(), CancellationToken.None).Now().Count == 4200);
            }
        }
    }

    private async Task AssertTakesAsync(TimeSpan time, Task task)
    {
        _clock.Advance(time - TimeSpan.FromTicks(1));
        // What is under way waits for a timer; what had arrived would not.
        Assert.False(task.IsCompleted, $"It was done before {time}.");
        Assert.True(_clock.ActiveTimers > 0, $"It had arrived before {time}.");
        _clock.Advance(TimeSpan.FromTicks(1));
        await task;
    }

    private async Task<List<int>> ReadSizesAsync(int seed)
    {
        await using var lab = new MemoryLab(_clock, new MemoryLinkSettings { SplitReads = true }, seed);
        var (opened, accepted) = await lab.ConnectAsync();
        await opened.WriteAsync(new byte[100_000], Token);
        await opened.CloseWriteAsync(Token);
        var (sizes, buffer) = (new List<int>(), new byte[4096]);
        while (await accepted.ReadAsync(buffer.AsMemory(), Token) is { Count: > 0 } read)
            sizes.Add(read.Count);
        Assert.Equal(100_000, sizes.Sum());
        return sizes;
    }
}
