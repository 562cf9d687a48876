namespace SubnetVpn.TestKit.Tun;

public abstract partial class TunDeviceConformance
{
    [Fact]
    public async Task Dispose_WhileAReadWaits_EndsItWithNothing()
    {
        await using var harness = await CreateAsync(SettingsFor());
        var batch = Buffers(4);
        await DrainNoiseAsync(harness, batch);
        var reading = harness.Device.ReadAsync(batch, CancellationToken.None).AsTask();

        await harness.Device.DisposeAsync().AsTask().WaitAsync(s_safety);

        Assert.Equal(0, await reading.WaitAsync(s_safety));
    }

    [Fact]
    public async Task Dispose_ByTheReader_Ends()
    {
        await using var harness = await CreateAsync(SettingsFor());
        async Task ReadThenDisposeAsync()
        {
            await harness.Device.ReadAsync(Buffers(4), CancellationToken.None);
            await harness.Device.DisposeAsync();
        }

        var ending = ReadThenDisposeAsync();
        InjectNumbered(harness, 0, 1);

        await ending.WaitAsync(s_safety);
    }

    [Fact]
    public async Task Dispose_Twice_IsSafe()
    {
        await using var harness = await CreateAsync(SettingsFor());

        await Task.WhenAll(harness.Device.DisposeAsync().AsTask(), harness.Device.DisposeAsync().AsTask()).WaitAsync(s_safety);
        await harness.Device.DisposeAsync();
    }

    [Fact]
    public async Task ReadAndWrite_AfterDispose_DoNothing()
    {
        await using var harness = await CreateAsync(SettingsFor());
        await harness.Device.DisposeAsync();

        Assert.Equal(0, await harness.Device.ReadAsync(Buffers(1), CancellationToken.None));
        Assert.Equal(0, await harness.Device.WriteAsync(Packets(Port, 0, 1), CancellationToken.None));
    }
}
