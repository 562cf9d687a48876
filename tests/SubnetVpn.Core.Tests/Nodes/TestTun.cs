using System.Threading.Channels;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>A TUN device whose host side is the test: packets go in by <see cref="Send"/> and come out by <see cref="ReceiveAsync"/>.</summary>
internal sealed class TestTun(TunSettings settings, TunCapabilities capabilities) : ITunDevice
{
    private readonly Channel<(byte[] Packet, PacketOffload Offload)> _fromHost = Channel.CreateBounded<(byte[], PacketOffload)>(65_536);
    private readonly Channel<(byte[] Packet, PacketOffload Offload)> _toHost = Channel.CreateBounded<(byte[], PacketOffload)>(65_536);

    public string Name => settings.Name ?? "test0";

    public int Mtu => settings.Mtu;

    public TunCapabilities Capabilities => capabilities;

    /// <summary>While set, writes of the node wait: a device that is slow.</summary>
    public TaskCompletionSource? Blocked { get; set; }

    public int Waiting => _toHost.Reader.Count;

    public void Send(byte[] packet, PacketOffload offload = default) => Assert.True(_fromHost.Writer.TryWrite((packet, offload)));

    public bool TryReceive(out byte[] packet)
    {
        var any = _toHost.Reader.TryRead(out var item);
        packet = item.Packet;
        return any;
    }

    public async Task<(byte[] Packet, PacketOffload Offload)> ReceiveAsync() =>
        await _toHost.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (!await _fromHost.Reader.WaitToReadAsync(cancellationToken))
            return 0;
        var count = 0;
        while (count < batch.Length && _fromHost.Reader.TryRead(out var item))
        {
            var buffer = batch.Span[count++];
            buffer.Set(item.Packet);
            buffer.Offload = item.Offload;
        }
        return count;
    }

    public async ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (Blocked is { } blocked)
            await blocked.Task.WaitAsync(cancellationToken);
        var taken = 0;
        for (var i = 0; i < batch.Length; i++)
            if (_toHost.Writer.TryWrite((batch.Span[i].Span.ToArray(), batch.Span[i].Offload)))
                taken++;
        return taken;
    }

    /// <summary>The device is removed under the node.</summary>
    public void Remove() => _fromHost.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        _fromHost.Writer.TryComplete();
        _toHost.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
