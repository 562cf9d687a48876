using SubnetVpn.TestKit.Leaks;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux.Netlink;

namespace SubnetVpn.Plugins.Tests.TunLinux;

[Collection(AloneCollection.Name)]
public sealed class LinuxTunDeviceTests : IDisposable
{
    // linux/rtnetlink.h
    private const ushort RTM_DELLINK = 17;
    private const ushort NLM_F_ACK = 4;

    private static readonly TimeSpan s_safety = TimeSpan.FromSeconds(30);

    private readonly NetworkNamespace _place;

    public LinuxTunDeviceTests()
    {
        RootRequired.Check();
        _place = NetworkNamespace.Create();
        // So that the host sends nothing of itself.
        _place.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1"));
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Read_DeviceRemovedFromOutside_EndsWithNothing()
    {
        await using var device = NewDevice();
        var reading = ReadToTheEndAsync(device);

        RemoveFromOutside(device);

        await reading.WaitAsync(s_safety);
        Assert.Equal(0, await device.ReadAsync(Batch(), CancellationToken.None));
        Assert.Equal(0, await device.WriteAsync(new[] { new PacketBuffer(100) }, CancellationToken.None));
    }

    [Fact]
    public async Task Read_WhileAnotherWaits_IsRefused()
    {
        await using var device = NewDevice();
        var reading = ReadToTheEndAsync(device);

        await Assert.ThrowsAsync<InvalidOperationException>(() => device.ReadAsync(Batch(), CancellationToken.None).AsTask());

        await device.DisposeAsync();
        await reading.WaitAsync(s_safety);
    }

    [Fact]
    public async Task Read_BatchWithANull_FailsAndTheDeviceLives()
    {
        await using var device = NewDevice();
        var batch = new PacketBuffer[1];

        await Assert.ThrowsAsync<NullReferenceException>(() => device.ReadAsync(batch, CancellationToken.None).AsTask());

        using var cancellation = new CancellationTokenSource();
        var reading = device.ReadAsync(Batch(), cancellation.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(s_safety));
    }

    [Fact]
    public async Task CreateAndDispose_ManyTimes_LeavesNoDescriptor()
    {
        const int devices = 20;
        string[] kinds = ["/dev/net/tun", "[eventfd]", "socket:", "net:["];
        await using (NewDevice())
        {
        }
        var before = kinds.Select(FileDescriptors.Count).ToArray();
        var all = FileDescriptors.Count();

        for (var i = 0; i < devices; i++)
        {
            await using var device = NewDevice();
            var reading = ReadToTheEndAsync(device);
            await device.DisposeAsync();
            await reading.WaitAsync(s_safety);
        }

        for (var i = 0; i < kinds.Length; i++)
            await FileDescriptors.AssertNoMoreThanAsync(before[i], kinds[i]);
        // What the runtime opens meanwhile is of other kinds, and is not one for each device.
        await FileDescriptors.AssertNoMoreThanAsync(all + devices - 1);
    }

    private ITunDevice NewDevice() => LinuxTun.Create(_place, LinuxTun.Settings("dev0", 1400, "10.79.0.1/24"));

    private static PacketBuffer[] Batch() => [new PacketBuffer(PacketBuffer.MaxPacketLength)];

    private static async Task ReadToTheEndAsync(ITunDevice device)
    {
        var batch = Batch();
        while (await device.ReadAsync(batch, CancellationToken.None) != 0)
        {
        }
    }

    private void RemoveFromOutside(ITunDevice device) => _place.Run(() =>
    {
        using var netlink = new NetlinkSocket();
        var request = new NetlinkRequest(RTM_DELLINK, NLM_F_ACK).Header(new LinkMessage { Index = HostTables.FindIndex(device.Name) });
        Assert.Equal(0, netlink.Execute(request));
    });
}
