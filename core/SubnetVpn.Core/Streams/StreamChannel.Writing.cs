using System.Runtime.CompilerServices;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Packets;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// The writer: drains the queue into batches, frames each packet in its headroom, writes a batch at a time, so that what
// is queued shares one frame of the muxer, one encryption call and one send.
internal sealed partial class StreamChannel
{
    private const int BatchPackets = 64;
    private const int BatchBytes = 256 * 1024;

    private async Task WriteAsync()
    {
        var queued = new QueuedPacket[BatchPackets];
        var frames = new PacketBuffer[BatchPackets];
        try
        {
            if (!_isLegacy && !await WriteRawAsync(_context.HelloFrame))
                return;
            while (await _queue.WaitAsync())
            {
                var count = _queue.Take(queued, BatchBytes);
                if (count == 0)
                    continue;
                var (end, sent) = _isLegacy ? await WriteLegacyAsync(queued, frames, count) : await WriteFramesAsync(queued, frames, count);
                Volatile.Write(ref _settled, _settled + count);
                if (!sent)
                {
                    End(StreamEndNames.Of(end));
                    return;
                }
            }
            if (!_stopping.IsCancellationRequested)
                await SayGoodbyeAsync();
        }
        catch (Exception exception)
        {
            // A transport must not throw here; when it does, one stream ends, not the node.
            Log.WriterFailed(_context.Logger, exception, Info.Name, Info.Peer);
            foreach (ref var lost in queued.AsSpan())
                if (lost.Packet is not null)
                    lost.Drop(PacketDropReason.StreamFailed, _context.Metrics);
            End("internal_error");
        }
        finally
        {
            End("closed");
            await _stream.DisposeAsync();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(StreamEnd End, bool Sent)> WriteFramesAsync(QueuedPacket[] queued, PacketBuffer[] frames, int count)
    {
        var kept = 0;
        long bytes = 0;
        for (var i = 0; i < count; i++)
        {
            var packet = queued[i].Packet;
            if (!packet.Offload.IsSegmented && packet.Length > PeerMtu)
            {
                queued[i].Drop(PacketDropReason.TooLarge, _context.Metrics);
                continue;
            }
            bytes += packet.Length;
            FrameFormat.PrependPacket(packet);
            frames[kept] = packet;
            queued[kept++] = queued[i];
        }
        queued.AsSpan(kept, count - kept).Clear();
        if (kept == 0)
            return (StreamEnd.None, true);
        var end = await _stream.WriteAsync(frames.AsMemory(0, kept), _stopping.Token);
        Settle(queued.AsSpan(0, kept), end, bytes);
        return (end, end == StreamEnd.None);
    }

    // Nodes of the original network know whole packets only: super-packets are cut, checksums completed.
    private async ValueTask<(StreamEnd End, bool Sent)> WriteLegacyAsync(QueuedPacket[] queued, PacketBuffer[] frames, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var packet = queued[i].Packet;
            long bytes = packet.Length;
            PacketBuffer[] whole;
            int wholes;
            if (packet.Offload.IsSegmented)
            {
                if (!IpPacket.TryParse(packet.Span, out var info))
                {
                    queued[i].Drop(PacketDropReason.Malformed, _context.Metrics);
                    queued[i] = default;
                    continue;
                }
                whole = new PacketBuffer[OffloadPackets.SegmentCount(packet.Offload, packet.Length, info)];
                wholes = OffloadPackets.Segment(packet, info, _context.Pool, whole);
            }
            else
            {
                whole = frames;
                whole[0] = packet;
                wholes = OffloadPackets.TryCompleteChecksum(packet) ? 1 : 0;
            }
            if (wholes == 0 || !FitsPeer(whole.AsSpan(0, wholes)))
            {
                ReleaseSegments(whole.AsSpan(0, wholes), packet);
                queued[i].Drop(wholes == 0 ? PacketDropReason.InvalidOffload : PacketDropReason.TooLarge, _context.Metrics);
                queued[i] = default;
                continue;
            }
            for (var j = 0; j < wholes; j++)
                FrameFormat.PrependLegacy(whole[j]);
            var end = await _stream.WriteAsync(whole.AsMemory(0, wholes), _stopping.Token);
            ReleaseSegments(whole.AsSpan(0, wholes), packet);
            Settle(queued.AsSpan(i, 1), end, bytes);
            if (end == StreamEnd.None)
                continue;
            foreach (ref var rest in queued.AsSpan(i + 1, count - i - 1))
                rest.Drop(PacketDropReason.StreamFailed, _context.Metrics);
            queued.AsSpan(0, count).Clear();
            return (end, false);
        }
        return (StreamEnd.None, true);
    }

    private void Settle(Span<QueuedPacket> batch, StreamEnd end, long bytes)
    {
        if (end == StreamEnd.None)
        {
            Volatile.Write(ref _packetsSent, _packetsSent + batch.Length);
            Volatile.Write(ref _bytesSent, _bytesSent + bytes);
            _context.Metrics.PacketsSent(batch.Length, bytes);
            foreach (ref var packet in batch)
                packet.Sent();
        }
        else
        {
            foreach (ref var packet in batch)
                packet.Drop(PacketDropReason.StreamFailed, _context.Metrics);
        }
        batch.Clear();
    }

    private bool FitsPeer(ReadOnlySpan<PacketBuffer> packets)
    {
        foreach (var packet in packets)
            if (packet.Length > PeerMtu)
                return false;
        return true;
    }

    private static void ReleaseSegments(ReadOnlySpan<PacketBuffer> packets, PacketBuffer original)
    {
        foreach (var packet in packets)
            if (!ReferenceEquals(packet, original))
                packet.Release();
    }

    private async ValueTask<bool> WriteRawAsync(ReadOnlyMemory<byte> frame)
    {
        var buffer = _context.Pool.Rent(frame.Length);
        buffer.Set(frame.Span);
        var end = await _stream.WriteAsync(new[] { buffer }, _stopping.Token);
        buffer.Release();
        if (end != StreamEnd.None)
            End(StreamEndNames.Of(end));
        return end == StreamEnd.None;
    }

    private async ValueTask SayGoodbyeAsync()
    {
        if (!_isLegacy && !await WriteRawAsync(ControlFrames.GoodbyeStopping))
            return;
        try
        {
            await _stream.CloseWriteAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Ended meanwhile: disposal resets what is left.
        }
    }
}
