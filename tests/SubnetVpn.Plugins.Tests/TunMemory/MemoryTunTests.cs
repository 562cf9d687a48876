using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Memory;
using static SubnetVpn.Plugins.Tests.TunMemory.MemoryTunSettings;

namespace SubnetVpn.Plugins.Tests.TunMemory;

public sealed class MemoryTunTests
{
    [Fact]
    public async Task Inject_FullQueue_DropsAndCounts()
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default(), new MemoryTunOptions { QueueLength = 3 });
        var packet = TunPackets.Numbered(Own, Peer, 9, 1);

        var taken = Enumerable.Range(0, 5).Count(_ => harness.Tun.TryInject(packet, default));

        Assert.Equal(3, taken);
        Assert.Equal(2, harness.Tun.DroppedToNode);
    }

    [Fact]
    public async Task Write_FullQueue_DropsAndCounts()
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default(), new MemoryTunOptions { QueueLength = 3 });
        var batch = Enumerable.Range(0, 5).Select(n => BufferOf(TunPackets.Numbered(Peer, Own, 9, n))).ToArray();

        Assert.Equal(3, await harness.Device.WriteAsync(batch, CancellationToken.None));
        Assert.Equal(2, harness.Tun.DroppedToHost);
    }

    [Theory]
    [InlineData(GsoType.None, 1401)]
    [InlineData(GsoType.TcpV4, 30_000)]
    [InlineData(GsoType.TcpV6Ecn, 30_000)]
    [InlineData(GsoType.Udp, 30_000)]
    [InlineData((GsoType)3, 30_000)]
    public async Task WriteAndInject_WithoutOffload_TakeWholePacketsOnly(GsoType type, int length)
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default());
        var buffer = BufferOf(TunPackets.Numbered(Peer, Own, 9, 1, length));
        buffer.Offload = new PacketOffload(0, type, 28, 1372, 20, 6);

        Assert.Equal(0, await harness.Device.WriteAsync(new[] { buffer }, CancellationToken.None));
        Assert.False(harness.Tun.TryInject(buffer.Span, buffer.Offload));
        Assert.Equal(2, harness.Tun.Refused);
        Assert.Equal(TunCapabilities.None, harness.Device.Capabilities);
    }

    [Fact]
    public async Task Write_UnfinishedChecksumWithoutOffload_IsRefused()
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default());
        var buffer = BufferOf(TunPackets.Numbered(Peer, Own, 9, 1));
        buffer.Offload = new PacketOffload(PacketOffload.NeedsChecksumFlag, GsoType.None, 0, 0, 20, 6);

        Assert.Equal(0, await harness.Device.WriteAsync(new[] { buffer }, CancellationToken.None));
    }

    [Fact]
    public async Task WriteAndInject_WithOffload_CarrySuperPacketsWithTheirOffload()
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default(), new MemoryTunOptions { Offload = true });
        var buffer = BufferOf(TunPackets.Numbered(Peer, Own, 9, 1, 60_000));
        buffer.Offload = new PacketOffload(PacketOffload.NeedsChecksumFlag, GsoType.Udp, 28, 1372, 20, 6);
        PacketBuffer[] read = [new(PacketBuffer.MaxPacketLength)];

        Assert.Equal(1, await harness.Device.WriteAsync(new[] { buffer }, CancellationToken.None));
        Assert.Equal(1, await harness.Tun.ReadFromNodeAsync(read, CancellationToken.None));
        Assert.Equal(buffer.Offload, read[0].Offload);
        Assert.Equal(60_000, read[0].Length);
        Assert.True(harness.Tun.TryInject(buffer.Span, buffer.Offload));
        Assert.Equal(1, await harness.Device.ReadAsync(read, CancellationToken.None));
        Assert.Equal(buffer.Offload, read[0].Offload);
    }

    [Fact]
    public async Task Read_WaitingWithTooSmallABuffer_Throws()
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default());
        var reading = harness.Device.ReadAsync(new[] { new PacketBuffer(10) }, CancellationToken.None).AsTask();

        harness.Inject(TunPackets.Numbered(Own, Peer, 9, 1));

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Read_WhileAnotherWaits_IsRefused()
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default());
        PacketBuffer[] batch = [new(PacketBuffer.MaxPacketLength)];
        var reading = harness.Device.ReadAsync(batch, CancellationToken.None).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Device.ReadAsync(batch, CancellationToken.None).AsTask());

        await harness.Device.DisposeAsync();
        Assert.Equal(0, await reading.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Create_NameInUse_SaysSoUntilTheFirstIsGone()
    {
        var factory = new MemoryTunFactory(new MemoryTunOptions(), NullLogger<MemoryTunFactory>.Instance);
        var first = await factory.CreateAsync(Default("one"), CancellationToken.None);

        var thrown = await Assert.ThrowsAsync<VpnException>(() => factory.CreateAsync(Default("one"), CancellationToken.None).AsTask());
        await first.DisposeAsync();
        await using var second = await factory.CreateAsync(Default("one"), CancellationToken.None);

        Assert.Contains("'one' exists already", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("one", second.Name);
    }

    [Fact]
    public void IsSupported_Always_IsFalseSoThatAutoNeverTakesIt() =>
        Assert.False(new MemoryTunFactory(new MemoryTunOptions(), NullLogger<MemoryTunFactory>.Instance).IsSupported);

    private static PacketBuffer BufferOf(byte[] packet)
    {
        var buffer = new PacketBuffer(PacketBuffer.MaxPacketLength);
        buffer.Set(packet);
        return buffer;
    }
}
