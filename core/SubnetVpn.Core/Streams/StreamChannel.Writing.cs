using System.Runtime.CompilerServices;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Packets;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// The writer: drains the queue into batches, drops what makes it too long, frames each packet in its headroom, writes a
// batch at a time, so that what is queued shares one frame of the muxer, one encryption call and one send.
internal sealed partial class StreamChannel
{
    private const int BatchPackets = 64;

    // Most streams of most peers never carry more at once: two full arrays for each were 4 KB of a peer's memory.
    private const int FirstBatchPackets = 4;
    private const int MaxBatchBytes = 256 * 1024;
    private const int MinBatchBytes = 16 * 1024;

    // A batch is what a queue can hardly be shorter than: on a slow wire it must be small.
    private static readonly TimeSpan s_longWrite = DelayControl.Target;
    private static readonly TimeSpan s_shortWrite = DelayControl.Target / 4;

    private readonly DelayControl _delay = new();
    private PacketBuffer[] _segments = [];
    private int _batchBytes = MaxBatchBytes;
    private long _handed;
    private long _inDoubt;
    private long _lastWait;

    private async Task WriteAsync()
    {
        var queued = new QueuedPacket[FirstBatchPackets];
        var frames = new PacketBuffer[FirstBatchPackets];
        try
        {
            if (!IsLegacy && !_isGreeted && !await WriteRawAsync(ControlFrames.Make(FrameType.Hello, HelloCodec.Encode(_context.Hello with { Number = Number }))))
                return;
            while (await _queue.WaitAsync())
            {
                var count = _queue.Take(queued, _batchBytes);
                if (count == 0)
                    continue;
                var isFull = count == queued.Length;
                var packets = PacketsIn(queued.AsSpan(0, count));
                var started = _context.Time.GetTimestamp();
                count = DropLate(queued.AsSpan(0, count), started);
                var (end, sent) = IsLegacy ? await WriteLegacyAsync(queued, frames, count) : await WriteFramesAsync(queued, frames, count);
                Volatile.Write(ref _settled, _settled + packets);
                if (!sent)
                {
                    End(StreamEndNames.Of(end));
                    return;
                }
                AdaptBatch(_context.Time.GetElapsedTime(started));
                if (isFull && queued.Length < BatchPackets)
                {
                    // What was in them is sent.
                    queued = new QueuedPacket[queued.Length * 4];
                    frames = new PacketBuffer[queued.Length];
                }
            }
            // Completed in good order, not ended: then the queue is abandoned, which wakes the writer before all else.
            if (!HasEnded && !_stopping.IsCancellationRequested)
                await SayGoodbyeAsync();
        }
        catch (Exception exception)
        {
            // A transport must not throw here; when it does, one stream ends, not the node.
            Log.WriterFailed(_context.Logger, exception, Info.Name, Info.Peer);
            foreach (ref var lost in queued.AsSpan())
                if (lost.Packet is not null)
                    Lose(ref lost);
            End("internal_error");
        }
        finally
        {
            End("closed");
            await _stream.DisposeAsync();
        }
    }

    // Leaves what is to be sent at the front, in order.
    private int DropLate(Span<QueuedPacket> batch, long timestamp)
    {
        var now = _context.Time.GetElapsedTime(0, timestamp);
        var kept = 0;
        var longest = TimeSpan.Zero;
        for (var i = 0; i < batch.Length; i++)
        {
            var packet = batch[i];
            if (!packet.IsControl)
            {
                var waited = _context.Time.GetElapsedTime(packet.Packet.Tag, timestamp);
                longest = waited > longest ? waited : longest;
                if (_delay.ShouldDrop(waited, now, isLast: i == batch.Length - 1 && _queue.Count == 0))
                {
                    packet.Drop(PacketDropReason.WaitedTooLong, _context.Metrics);
                    continue;
                }
            }
            batch[kept++] = packet;
        }
        batch[kept..].Clear();
        Volatile.Write(ref _lastWait, longest.Ticks);
        _context.Metrics.PacketsQueueWaited(longest);
        return kept;
    }

    private void AdaptBatch(TimeSpan took)
    {
        if (took > s_longWrite)
            _batchBytes = Math.Max(MinBatchBytes, _batchBytes / 2);
        else if (took < s_shortWrite)
            _batchBytes = Math.Min(MaxBatchBytes, _batchBytes * 2);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(StreamEnd End, bool Sent)> WriteFramesAsync(QueuedPacket[] queued, PacketBuffer[] frames, int count)
    {
        var kept = 0;
        long bytes = 0;
        for (var i = 0; i < count; i++)
        {
            var packet = queued[i].Packet;
            if (queued[i].IsControl)
            {
                if (packet.Span[FrameFormat.HeaderSize - 1] == (byte)FrameType.Ping)
                    NotePing();
            }
            else if (!packet.Offload.IsSegmented && packet.Length > PeerMtu)
            {
                queued[i].Drop(PacketDropReason.TooLarge, _context.Metrics);
                queued[i] = default;
                continue;
            }
            else
            {
                bytes += packet.Length;
                FrameFormat.PrependPacket(packet);
                Volatile.Write(ref _handed, _handed + 1);
            }
            frames[kept] = packet;
            if (kept != i)
                (queued[kept], queued[i]) = (queued[i], default);
            kept++;
        }
        if (kept == 0)
            return (StreamEnd.None, true);
        var end = await _stream.WriteAsync(frames.AsMemory(0, kept), _stopping.Token);
        Settle(queued.AsSpan(0, kept), end, bytes);
        return (end, end == StreamEnd.None);
    }

    // Nodes of the original network know whole packets only: super-packets are cut, checksums completed.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
                whole = OffloadPackets.RoomForSegments(ref _segments, packet, info);
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
            var packets = PacketsIn(batch);
            Volatile.Write(ref _packetsSent, _packetsSent + packets);
            Volatile.Write(ref _bytesSent, _bytesSent + bytes);
            if (packets > 0)
                _context.Metrics.PacketsSent(packets, bytes);
            foreach (ref var packet in batch)
                packet.Sent();
        }
        else
        {
            foreach (ref var packet in batch)
                Lose(ref packet);
        }
        batch.Clear();
    }

    // A write that failed may have brought over some of what it held. The original format cannot tell; else the peer is asked
    // with a fence, and the ledger counts what was lost.
    private void Lose(ref QueuedPacket packet)
    {
        if (packet.IsControl)
        {
            packet.Packet.Release();
        }
        else if (IsLegacy)
        {
            packet.Drop(PacketDropReason.StreamFailed, _context.Metrics);
        }
        else
        {
            Volatile.Write(ref _inDoubt, _inDoubt + 1);
            packet.Forget(PacketDropReason.StreamFailed);
        }
        packet = default;
    }

    private static int PacketsIn(ReadOnlySpan<QueuedPacket> batch)
    {
        var packets = 0;
        foreach (ref readonly var packet in batch)
            packets += packet.IsControl ? 0 : 1;
        return packets;
    }

    private bool FitsPeer(ReadOnlySpan<PacketBuffer> packets)
    {
        foreach (var packet in packets)
            if (packet.Length > PeerMtu)
                return false;
        return true;
    }

    private static void ReleaseSegments(Span<PacketBuffer> packets, PacketBuffer original)
    {
        foreach (var packet in packets)
            if (!ReferenceEquals(packet, original))
                packet.Release();
        packets.Clear();
    }

    private async ValueTask<bool> WriteRawAsync(ReadOnlyMemory<byte> frame)
    {
        var buffer = _context.Pool.Rent(frame.Length);
        buffer.Set(frame.Span);
        try
        {
            var end = await _stream.WriteAsync(new[] { buffer }, _stopping.Token);
            if (end != StreamEnd.None)
                End(StreamEndNames.Of(end));
            return end == StreamEnd.None;
        }
        finally
        {
            buffer.Release();
        }
    }

    private async ValueTask SayGoodbyeAsync()
    {
        if (!IsLegacy && !await WriteRawAsync(ControlFrames.GoodbyeStopping))
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
