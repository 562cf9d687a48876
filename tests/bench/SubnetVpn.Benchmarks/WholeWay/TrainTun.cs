using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>
/// A TUN device without a system call: gives as many packets at once as are asked for, which is what a busy one does, and no more than may
/// be under way.
/// </summary>
internal sealed class TrainTun(CountingTransport transport) : ITunDevice, ITunDeviceFactory
{
    // Far below what one queue holds, so that nothing is dropped, and far above a batch of the writer.
    private const int MaxUnderWay = 1024;

    private readonly QuietTun _tun = new();

    public bool IsSupported => true;

    public string Name => _tun.Name;

    public int Mtu => _tun.Mtu;

    public TunCapabilities Capabilities => _tun.Capabilities;

    /// <summary>Packets that were read.</summary>
    public long Sent => _tun.Sent;

    public async ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken)
    {
        await _tun.CreateAsync(settings, cancellationToken);
        return this;
    }

    /// <summary>Lets the host send.</summary>
    public void Send(int count, Action<PacketBuffer> write) => _tun.Send(count, write);

    public ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        var spin = default(SpinWait);
        while (_tun.Sent - transport.Packets > MaxUnderWay && !cancellationToken.IsCancellationRequested)
            spin.SpinOnce(sleep1Threshold: -1);
        return _tun.ReadAsync(batch, cancellationToken);
    }

    public ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) => _tun.WriteAsync(batch, cancellationToken);

    public ValueTask DisposeAsync() => _tun.DisposeAsync();
}
