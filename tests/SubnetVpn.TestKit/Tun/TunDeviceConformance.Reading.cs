namespace SubnetVpn.TestKit.Tun;

public abstract partial class TunDeviceConformance
{
    [Fact]
    public async Task Read_SeveralPackets_GivesThemInOrder()
    {
        await using var harness = await CreateAsync(SettingsFor());

        InjectNumbered(harness, 0, 100);

        Assert.Equal(Enumerable.Range(0, 100), await ReadNumbersAsync(harness.Device, Buffers(16), 100));
    }

    [Fact]
    public async Task Read_MorePacketsThanBuffers_FillsTheBatchAndKeepsTheRest()
    {
        await using var harness = await CreateAsync(SettingsFor());
        InjectNumbered(harness, 0, 5);
        var batch = Buffers(2);

        var first = await harness.Device.ReadAsync(batch, CancellationToken.None);
        var numbers = batch.Take(first).Select(b => TunPackets.NumberOf(b.Span, Port)).Where(n => n >= 0).ToList();
        numbers.AddRange(await ReadNumbersAsync(harness.Device, batch, 5 - numbers.Count));

        Assert.Equal(2, first);
        Assert.Equal(Enumerable.Range(0, 5), numbers);
    }

    [Fact]
    public async Task Read_NothingThere_WaitsForAPacket()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var reading = ReadNumbersAsync(harness.Device, Buffers(4), 1);
        Assert.False(reading.IsCompleted);

        InjectNumbered(harness, 42, 1);

        Assert.Equal([42], await reading);
    }

    [Theory]
    [InlineData(TunPackets.HeaderLength + 4)]
    [InlineData(576)]
    [InlineData(Mtu - 1)]
    [InlineData(Mtu)]
    public async Task Read_AnySizeUpToTheMtu_IsWholeAndBehindTheHeadroom(int length)
    {
        await using var harness = await CreateAsync(SettingsFor());
        var packet = TunPackets.Numbered(Host, Remote, Port, 7, length);
        var batch = Buffers(1);

        harness.Inject(packet);
        do
            Assert.Equal(1, await harness.Device.ReadAsync(batch, CancellationToken.None).AsTask().WaitAsync(s_safety));
        while (TunPackets.NumberOf(batch[0].Span, Port) < 0);

        Assert.Equal(packet, batch[0].Span.ToArray());
        Assert.Equal(PacketBuffer.Headroom, batch[0].Offset);
        Assert.True(batch[0].Offload.IsNone);
    }

    [Fact]
    public async Task Read_Cancelled_ThrowsAndTheNextReadLosesNothing()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var batch = Buffers(4);
        await DrainNoiseAsync(harness, batch);
        using var cancellation = new CancellationTokenSource();
        var reading = harness.Device.ReadAsync(batch, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(s_safety));
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        InjectNumbered(harness, 0, 3);
        Assert.Equal([0, 1, 2], await ReadNumbersAsync(harness.Device, batch, 3));
    }

    [Fact]
    public async Task Read_CancelledBefore_Throws()
    {
        await using var harness = await CreateAsync(SettingsFor());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => harness.Device.ReadAsync(Buffers(1), new CancellationToken(canceled: true)).AsTask());
    }

    /// <summary>Takes in what a host sends of itself when a device comes up, up to a packet of ours.</summary>
    private static async Task DrainNoiseAsync(TunHarness harness, PacketBuffer[] batch)
    {
        InjectNumbered(harness, 0, 1);
        await ReadNumbersAsync(harness.Device, batch, 1);
    }
}
