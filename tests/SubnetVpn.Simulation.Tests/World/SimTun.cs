using System.Threading.Channels;
using SubnetVpn.Simulation.Tests.Wire;
using SubnetVpn.Tun;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>A TUN device of the simulation: packets go in by <see cref="Send"/>, and what comes out goes to the log.</summary>
internal sealed class SimTun(TunSettings settings, FlowLog log, StreamLedger ledger) : ITunDevice
{
    private readonly Channel<FlowPacket> _fromHost = Channel.CreateBounded<FlowPacket>(1 << 20);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _blocked;
    private long _taken;
    private int _written;

    public string Name => settings.Name ?? "sim0";

    public int Mtu => settings.Mtu;

    public TunCapabilities Capabilities => TunCapabilities.None;

    /// <summary>Packets that the node has read: those it must account for.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Packets of the host that the node has not read.</summary>
    public int Waiting => _fromHost.Reader.Count;

    /// <summary>Every so many packets are refused; 0 for none.</summary>
    public int RefuseEvery { get; set; }

    public void Send(in FlowPacket packet) => _fromHost.Writer.TryWrite(packet);

    /// <summary>From now on writes of the node wait: a device that is slow.</summary>
    public void Block()
    {
        lock (_gate)
            _blocked ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Unblock()
    {
        lock (_gate)
        {
            _blocked?.SetResult();
            _blocked = null;
        }
    }

    public async ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (!await _fromHost.Reader.WaitToReadAsync(cancellationToken))
            return 0;
        var count = 0;
        while (count < batch.Length && _fromHost.Reader.TryRead(out var packet))
        {
            var buffer = batch.Span[count++];
            buffer.SetLength(packet.Length);
            packet.WriteTo(buffer.Span);
        }
        Interlocked.Add(ref _taken, count);
        ledger.Happened();
        return count;
    }

    public async ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        Task? blocked;
        lock (_gate)
            blocked = _blocked?.Task;
        if (blocked is not null)
            await blocked.WaitAsync(cancellationToken);
        ledger.Happened();
        var taken = 0;
        foreach (var packet in batch.Span)
        {
            if (RefuseEvery > 0 && Interlocked.Increment(ref _written) % RefuseEvery == 0)
                break;
            log.Add(packet.Span);
            taken++;
        }
        return taken;
    }

    public ValueTask DisposeAsync()
    {
        _fromHost.Writer.TryComplete();
        Unblock();
        return ValueTask.CompletedTask;
    }
}
