namespace SubnetVpn.TestKit.Tun;

public abstract partial class TunDeviceConformance
{
    [Fact]
    public async Task Write_Batch_ArrivesWholeAndInOrder()
    {
        await using var harness = await CreateAsync(SettingsFor());

        var taken = await harness.Device.WriteAsync(Packets(Port, 0, 50), CancellationToken.None);

        Assert.Equal(50, taken);
        Assert.Equal(Enumerable.Range(0, 50), ReceiveNumbers(harness, Port, 50));
    }

    [Theory]
    [InlineData(TunPackets.HeaderLength + 4)]
    [InlineData(576)]
    [InlineData(Mtu - 1)]
    [InlineData(Mtu)]
    public async Task Write_AnySizeUpToTheMtu_ArrivesUnchanged(int length)
    {
        await using var harness = await CreateAsync(SettingsFor());
        var packet = TunPackets.Numbered(Remote, Host, Port, 7, length);
        var received = new byte[PacketBuffer.MaxPacketLength];

        var taken = await harness.Device.WriteAsync(new[] { BufferOf(packet) }, CancellationToken.None);

        Assert.Equal(1, taken);
        Assert.Equal(packet, received[..harness.Receive(received)]);
    }

    [Fact]
    public async Task Write_Content_IsLeftAsItWas()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var packet = TunPackets.Numbered(Remote, Host, Port, 7);
        var buffer = BufferOf(packet);

        await harness.Device.WriteAsync(new[] { buffer }, CancellationToken.None);

        Assert.Equal(packet, buffer.Span.ToArray());
    }

    [Fact]
    public async Task Write_HeadroomUsedUp_IsTaken()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var packet = TunPackets.Numbered(Remote, Host, Port, 7, 576);
        var buffer = new PacketBuffer(PacketBuffer.MaxPacketLength);
        buffer.SetLength(packet.Length - PacketBuffer.Headroom);
        buffer.Prepend(PacketBuffer.Headroom);
        packet.CopyTo(buffer.Span);
        var received = new byte[PacketBuffer.MaxPacketLength];

        var taken = await harness.Device.WriteAsync(new[] { buffer }, CancellationToken.None);

        Assert.Equal(1, taken);
        Assert.Equal(packet, received[..harness.Receive(received)]);
    }

    [Fact]
    public async Task Write_PacketThatIsRefused_IsSkippedAndTheOthersArrive()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var batch = Packets(Port, 0, 5);
        // Neither IPv4 nor IPv6.
        batch[2].Span[0] = 0x15;

        var taken = await harness.Device.WriteAsync(batch, CancellationToken.None);

        Assert.Equal(4, taken);
        Assert.Equal([0, 1, 3, 4], ReceiveNumbers(harness, Port, 4));
    }

    [Fact]
    public async Task Write_SeveralWriters_KeepsTheOrderOfEach()
    {
        const int Writers = 4;
        const int Batches = 20;
        await using var harness = await CreateAsync(SettingsFor());

        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var taken = 0;
            for (var i = 0; i < Batches; i++)
                taken += await harness.Device.WriteAsync(Packets(Port, (writer * 1000) + (i * 5), 5), CancellationToken.None);
            return taken;
        }));
        var taken = await Task.WhenAll(writing);
        var numbers = ReceiveNumbers(harness, Port, Writers * Batches * 5);

        Assert.All(taken, count => Assert.Equal(Batches * 5, count));
        for (var writer = 0; writer < Writers; writer++)
            Assert.Equal(Enumerable.Range(writer * 1000, Batches * 5), numbers.Where(n => n / 1000 == writer));
    }

    [Fact]
    public async Task Write_CancelledBefore_Throws()
    {
        await using var harness = await CreateAsync(SettingsFor());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => harness.Device.WriteAsync(Packets(Port, 0, 1), new CancellationToken(canceled: true)).AsTask());
    }
}
