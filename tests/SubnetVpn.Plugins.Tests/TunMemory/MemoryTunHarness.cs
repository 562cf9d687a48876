using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Memory;
using SubnetVpn.Tun.Memory.Device;

namespace SubnetVpn.Plugins.Tests.TunMemory;

internal sealed class MemoryTunHarness : TunHarness
{
    private static readonly TimeSpan s_safety = TimeSpan.FromSeconds(30);

    private readonly PacketBuffer[] _received = [new(PacketBuffer.MaxPacketLength)];

    private MemoryTunHarness(MemoryTun device) => Tun = device;

    public MemoryTun Tun { get; }

    public override ITunDevice Device => Tun;

    public static async ValueTask<MemoryTunHarness> CreateAsync(TunSettings settings, MemoryTunOptions? options = null)
    {
        var factory = new MemoryTunFactory(options ?? new MemoryTunOptions { QueueLength = 1024 }, NullLogger<MemoryTunFactory>.Instance);
        var device = await factory.CreateAsync(settings, CancellationToken.None);
        Assert.True(factory.Hub.TryGet(device.Name, out var tun));
        return new MemoryTunHarness(tun);
    }

    public override void Inject(ReadOnlySpan<byte> packet) => Assert.True(Tun.TryInject(packet, default));

    public override int Receive(Span<byte> destination)
    {
        var reading = Tun.ReadFromNodeAsync(_received, CancellationToken.None);
        var count = reading.IsCompleted ? reading.Result : reading.AsTask().WaitAsync(s_safety).GetAwaiter().GetResult();
        if (count != 1)
            throw new InvalidOperationException("The device is gone.");
        _received[0].Span.CopyTo(destination);
        return _received[0].Length;
    }

    public override ValueTask DisposeAsync() => Device.DisposeAsync();
}
