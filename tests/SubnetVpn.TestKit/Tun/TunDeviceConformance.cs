using SubnetVpn.Tun;

namespace SubnetVpn.TestKit.Tun;

/// <summary>
/// What every <see cref="ITunDevice"/> keeps to. Derive a class, make a device in <see cref="CreateAsync"/>, and put the
/// class into a collection that runs alone: it measures what the process allocates.
/// </summary>
public abstract partial class TunDeviceConformance
{
    /// <summary>The device's address in these tests.</summary>
    protected static readonly VirtualIp Host = VirtualIp.Parse("10.77.0.1");

    /// <summary>An address behind the device.</summary>
    protected static readonly VirtualIp Remote = VirtualIp.Parse("10.77.0.2");

    /// <summary>The MTU in these tests.</summary>
    protected const int Mtu = 1400;

    private const ushort Port = 7777;

    // Only ends a test that hangs.
    private static readonly TimeSpan s_safety = TimeSpan.FromSeconds(30);

    /// <summary>Makes a device and its host side.</summary>
    /// <param name="settings">What to make.</param>
    protected abstract ValueTask<TunHarness> CreateAsync(TunSettings settings);

    /// <summary>The settings of these tests.</summary>
    /// <param name="name">The device's name.</param>
    protected static TunSettings SettingsFor(string? name = null) =>
        new() { Name = name, Mtu = Mtu, Addresses = [new TunAddress(Host, 24)] };

    [Fact]
    public async Task Create_WithName_HasNameAndMtu()
    {
        await using var harness = await CreateAsync(SettingsFor("conform0"));

        Assert.Equal("conform0", harness.Device.Name);
        Assert.Equal(Mtu, harness.Device.Mtu);
    }

    [Fact]
    public async Task Create_WithoutName_GetsOne()
    {
        await using var harness = await CreateAsync(SettingsFor());

        Assert.NotEmpty(harness.Device.Name);
    }

    private static PacketBuffer[] Buffers(int count)
    {
        var buffers = new PacketBuffer[count];
        for (var i = 0; i < count; i++)
            buffers[i] = new PacketBuffer(PacketBuffer.MaxPacketLength);
        return buffers;
    }

    private static PacketBuffer[] Packets(ushort port, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => BufferOf(TunPackets.Numbered(Remote, Host, port, number)))];

    private static PacketBuffer BufferOf(byte[] packet)
    {
        var buffer = new PacketBuffer(PacketBuffer.MaxPacketLength);
        buffer.Set(packet);
        return buffer;
    }

    private static void InjectNumbered(TunHarness harness, int first, int count)
    {
        for (var number = first; number < first + count; number++)
            harness.Inject(TunPackets.Numbered(Host, Remote, Port, number));
    }

    /// <summary>Reads numbered packets and leaves out what the host sends of itself.</summary>
    private static async Task<List<int>> ReadNumbersAsync(ITunDevice device, PacketBuffer[] batch, int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            var read = await device.ReadAsync(batch, CancellationToken.None).AsTask().WaitAsync(s_safety);
            Assert.InRange(read, 1, batch.Length);
            foreach (var buffer in batch.AsSpan(0, read))
                if (TunPackets.NumberOf(buffer.Span, Port) is var number and >= 0)
                    numbers.Add(number);
        }
        return numbers;
    }

    private static List<int> ReceiveNumbers(TunHarness harness, ushort port, int count)
    {
        var numbers = new List<int>();
        var packet = new byte[PacketBuffer.MaxPacketLength];
        while (numbers.Count < count)
            if (TunPackets.NumberOf(packet.AsSpan(0, harness.Receive(packet)), port) is var number and >= 0)
                numbers.Add(number);
        return numbers;
    }
}
