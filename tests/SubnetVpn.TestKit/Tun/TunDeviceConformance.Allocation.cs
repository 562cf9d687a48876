namespace SubnetVpn.TestKit.Tun;

public abstract partial class TunDeviceConformance
{
    private const int WarmUp = 2_000;
    private const int Measured = 10_000;

    // The smallest object has 24 bytes, so an allocation per packet shows as 24 or more, in every round. What the runtime
    // and the test runner allocate meanwhile only adds, and not in every round: the least one counts.
    private const int TolerancePerPacket = 8;
    private const int Rounds = 5;

    [Fact]
    public async Task Read_SteadyState_AllocatesNothing()
    {
        await using var harness = await CreateAsync(SettingsFor());
        using var cancellation = new CancellationTokenSource();
        using var seen = new SemaphoreSlim(0);
        var batch = Buffers(8);
        var pump = PumpAsync();
        var packet = TunPackets.Numbered(Host, Remote, Port, 1);

        var allocated = MeasureAllocation(Exchange);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump.WaitAsync(s_safety));

        Assert.True(allocated < Measured * TolerancePerPacket, $"{allocated} bytes for {Measured} packets");

        // One at a time, so that every read waits: the longest way through a device.
        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                harness.Inject(packet);
                if (!seen.Wait(s_safety))
                    Assert.Fail("The packet did not come.");
            }
        }

        async Task PumpAsync()
        {
            while (true)
            {
                var count = await harness.Device.ReadAsync(batch, cancellation.Token).ConfigureAwait(false);
                for (var i = 0; i < count; i++)
                    if (TunPackets.NumberOf(batch[i].Span, Port) == 1)
                        seen.Release();
            }
        }
    }

    [Fact]
    public async Task Write_SteadyState_AllocatesNothing()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var batch = Packets(Port, 0, 4);
        var received = new byte[PacketBuffer.MaxPacketLength];

        var allocated = MeasureAllocation(Exchange);

        Assert.True(allocated < Measured * TolerancePerPacket, $"{allocated} bytes for {Measured} packets");

        void Exchange(int count)
        {
            for (var i = 0; i < count; i += batch.Length)
            {
                var writing = harness.Device.WriteAsync(batch, CancellationToken.None);
                var taken = writing.IsCompleted ? writing.Result : writing.AsTask().GetAwaiter().GetResult();
                if (taken != batch.Length)
                    Assert.Fail($"{taken} packets of {batch.Length} were taken.");
                for (var j = 0; j < batch.Length; j++)
                    harness.Receive(received);
            }
        }
    }

    private static long MeasureAllocation(Action<int> exchange)
    {
        exchange(WarmUp);
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least >= Measured * TolerancePerPacket; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            exchange(Measured);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }
}
