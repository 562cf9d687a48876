using SubnetVpn.Tun.Memory.Echo;

namespace SubnetVpn.Tun.Memory.Device;

/// <summary>
/// A TUN device with both sides in this process:
/// <code>
/// host: TryInject ──▶ queue ──▶ ReadAsync :node
/// host: ReadFromNodeAsync ◀── queue ◀── WriteAsync :node
///                       echo: ReadAsync ◀── queue ◀─┘
/// </code>
/// Order is kept in each queue. A packet for which a queue has no room is dropped and counted.
/// </summary>
internal sealed class MemoryTun : ITunDevice
{
    private const TunCapabilities AllOffloads =
        TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation | TunCapabilities.TcpV6Segmentation | TunCapabilities.UdpSegmentation;

    private readonly MemoryTunHub _hub;
    private readonly EchoResponder? _echo;
    private readonly PacketQueue _toNode;
    private readonly PacketQueue _toHost;
    private IAsyncDisposable? _attached;
    private long _refused;
    private long _droppedToNode;
    private long _droppedToHost;

    public MemoryTun(MemoryTunHub hub, TunSettings settings, MemoryTunOptions options)
    {
        _hub = hub;
        Mtu = settings.Mtu;
        Capabilities = options.Offload ? AllOffloads : TunCapabilities.None;
        _toNode = new PacketQueue(options.QueueLength);
        _toHost = new PacketQueue(options.QueueLength);
        _echo = options.Echo ? new EchoResponder(settings.Addresses) : null;
        // Last, for others find it there.
        Name = hub.Add(settings.Name, this);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Mtu { get; }

    /// <inheritdoc/>
    public TunCapabilities Capabilities { get; }

    /// <summary>Packets of either side that are no packets of this device: no IP, longer than the MTU, an offload it has not.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Packets for the node that found the queue full.</summary>
    public long DroppedToNode => Volatile.Read(ref _droppedToNode);

    /// <summary>Packets for the host that found the queue full.</summary>
    public long DroppedToHost => Volatile.Read(ref _droppedToHost);

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) =>
        _toNode.ReadAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        var taken = 0;
        foreach (var buffer in batch.Span)
            if (TryWrite(buffer.Span, buffer.Offload))
                taken++;
        return ValueTask.FromResult(taken);
    }

    /// <summary>The host sends a packet. Any thread.</summary>
    /// <returns>Whether the node will read it; if not, a counter says why.</returns>
    public bool TryInject(ReadOnlySpan<byte> packet, in PacketOffload offload) =>
        Accepts(packet, offload) && Count(_toNode.TryAdd(packet, offload), ref _droppedToNode);

    /// <summary>The host receives what the node wrote. One reader; as <see cref="ReadAsync"/> in everything else.</summary>
    public ValueTask<int> ReadFromNodeAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) =>
        _toHost.ReadAsync(batch, cancellationToken);

    /// <summary>Gives the device a part that is disposed of with it.</summary>
    public void Attach(IAsyncDisposable part) => _attached = part;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hub.Remove(this);
        _toNode.Close();
        _toHost.Close();
        if (Interlocked.Exchange(ref _attached, null) is { } attached)
            await attached.DisposeAsync().ConfigureAwait(false);
    }

    private bool TryWrite(ReadOnlySpan<byte> packet, in PacketOffload offload)
    {
        if (!Accepts(packet, offload))
            return false;
        return _echo is not null && _echo.TryAnswer(packet, offload, _toNode, out var isAnswered)
            ? Count(isAnswered, ref _droppedToNode)
            : Count(_toHost.TryAdd(packet, offload), ref _droppedToHost);
    }

    private bool Accepts(ReadOnlySpan<byte> packet, in PacketOffload offload)
    {
        var isPacket = !packet.IsEmpty && (packet[0] >> 4) switch
        {
            4 => packet.Length >= 20,
            6 => packet.Length >= 40,
            _ => false,
        };
        var isFit = offload.GsoType switch
        {
            GsoType.None => packet.Length <= Mtu,
            GsoType.TcpV4 or GsoType.TcpV4Ecn => Capabilities.HasFlag(TunCapabilities.TcpV4Segmentation),
            GsoType.TcpV6 or GsoType.TcpV6Ecn => Capabilities.HasFlag(TunCapabilities.TcpV6Segmentation),
            GsoType.Udp => Capabilities.HasFlag(TunCapabilities.UdpSegmentation),
            _ => false,
        };
        var isFinished = !offload.NeedsChecksum || Capabilities.HasFlag(TunCapabilities.Checksum);
        return Count(isPacket && isFit && isFinished, ref _refused);
    }

    private static bool Count(bool isTaken, ref long otherwise)
    {
        if (!isTaken)
            Interlocked.Increment(ref otherwise);
        return isTaken;
    }
}
