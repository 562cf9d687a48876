using System.Runtime.CompilerServices;
using SubnetVpn.Core.Packets;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Inbound;

/// <summary>
/// Collects the packets of one stream and writes them to the TUN device in batches, in order. What the device does not
/// take as it is (super-packets, open checksums) is completed in software first. Owns the packets given to it.
/// </summary>
internal sealed class TunWriter(InboundContext context)
{
    private const int BatchSize = 64;
    private const int FirstBatchSize = 4;

    // Grows to what was needed: idle streams have none.
    private PacketBuffer[] _batch = [];
    private PacketBuffer[] _segments = [];
    private int _count;

    /// <summary>Adds a packet that passed the gate; writes when the batch is full.</summary>
    public ValueTask AddAsync(PacketBuffer packet, in PacketInfo info)
    {
        if (!packet.Offload.IsNone && !context.Tun.Capabilities.HasFlag(Needed(packet.Offload)))
            return AddCompletedAsync(packet, info);
        if (_count == _batch.Length)
            Array.Resize(ref _batch, Math.Max(FirstBatchSize, _count * 4));
        _batch[_count++] = packet;
        return _count == BatchSize ? FlushAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Writes what was collected.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync()
    {
        if (_count == 0)
            return;
        var count = _count;
        _count = 0;
        var taken = 0;
        try
        {
            taken = await context.Tun.WriteAsync(_batch.AsMemory(0, count), CancellationToken.None);
        }
        finally
        {
            long bytes = 0;
            for (var i = 0; i < count; i++)
            {
                bytes += i < taken ? _batch[i].Length : 0;
                _batch[i].Release();
            }
            for (var i = taken; i < count; i++)
                context.Metrics.PacketDropped(PacketDropReason.TunWriteFailed, inbound: true);
            if (taken > 0)
                context.Metrics.PacketsReceived(taken, bytes);
        }
    }

    /// <summary>Gives back what was collected and will not be written.</summary>
    public void Abandon()
    {
        for (var i = 0; i < _count; i++)
        {
            _batch[i].Release();
            context.Metrics.PacketDropped(PacketDropReason.Stopping, inbound: true);
        }
        _count = 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AddCompletedAsync(PacketBuffer packet, PacketInfo info)
    {
        if (!packet.Offload.IsSegmented)
        {
            if (OffloadPackets.TryCompleteChecksum(packet))
                await AddAsync(packet, info);
            else
                Refuse(packet);
            return;
        }
        var segments = OffloadPackets.RoomForSegments(ref _segments, packet, info);
        var count = OffloadPackets.Segment(packet, info, context.Pool, segments);
        if (count == 0)
        {
            Refuse(packet);
            return;
        }
        packet.Release();
        var added = 0;
        try
        {
            while (added < count)
                await AddAsync(segments[added++], info);
        }
        finally
        {
            for (; added < count; added++)
                segments[added].Release();
            // The array is kept, the buffers are not ours any more.
            segments.AsSpan(0, count).Clear();
        }
    }

    private void Refuse(PacketBuffer packet)
    {
        context.Metrics.PacketDropped(PacketDropReason.InvalidOffload, inbound: true);
        packet.Release();
    }

    private static TunCapabilities Needed(PacketOffload offload) => offload.GsoType switch
    {
        GsoType.TcpV4 or GsoType.TcpV4Ecn => TunCapabilities.TcpV4Segmentation | TunCapabilities.Checksum,
        GsoType.TcpV6 or GsoType.TcpV6Ecn => TunCapabilities.TcpV6Segmentation | TunCapabilities.Checksum,
        GsoType.Udp => TunCapabilities.UdpSegmentation | TunCapabilities.Checksum,
        _ => offload.NeedsChecksum ? TunCapabilities.Checksum : TunCapabilities.None,
    };
}
