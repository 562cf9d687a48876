using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>
/// Two devices in two namespaces and what joins them: packets read from one are written to the other as they are, with
/// their offloads. What a tunnel does, without the tunnel.
/// </summary>
internal sealed class TunBridge : IAsyncDisposable
{
    private const int BatchSize = 32;

    private readonly Task _pumps;

    public TunBridge(int mtu, LinuxTunOptions? options = null)
    {
        Left = NetworkNamespace.Create();
        Right = NetworkNamespace.Create();
        LeftDevice = LinuxTun.Create(Left, LinuxTun.Settings("left0", mtu, "10.78.0.1/24", "fd78::1/64"), options);
        RightDevice = LinuxTun.Create(Right, LinuxTun.Settings("right0", mtu, "10.78.0.2/24", "fd78::2/64"), options);
        _pumps = Task.WhenAll(PumpAsync(LeftDevice, RightDevice, ToRight), PumpAsync(RightDevice, LeftDevice, ToLeft));
    }

    public NetworkNamespace Left { get; }

    public NetworkNamespace Right { get; }

    public ITunDevice LeftDevice { get; }

    public ITunDevice RightDevice { get; }

    public TunBridgeCount ToRight { get; } = new();

    public TunBridgeCount ToLeft { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await LeftDevice.DisposeAsync();
        await RightDevice.DisposeAsync();
        await _pumps;
        Left.Dispose();
        Right.Dispose();
    }

    private static async Task PumpAsync(ITunDevice from, ITunDevice to, TunBridgeCount count)
    {
        var batch = Enumerable.Range(0, BatchSize).Select(_ => new PacketBuffer(PacketBuffer.MaxPacketLength)).ToArray();
        while (await from.ReadAsync(batch, CancellationToken.None).ConfigureAwait(false) is var read and not 0)
        {
            count.See(batch.AsSpan(0, read));
            var taken = await to.WriteAsync(batch.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
            count.Refuse(read - taken);
        }
    }
}
