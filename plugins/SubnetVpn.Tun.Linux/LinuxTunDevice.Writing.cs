using System.Buffers;
using SubnetVpn.Tun.Linux.Device;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Tun.Linux;

internal sealed partial class LinuxTunDevice
{
    // The kernel takes packets on a TUN device as fast as they are written; only a shortage of socket memory makes it
    // say "again". A packet is not worth more than a moment of waiting.
    private const int WriteRetries = 3;
    private const int WriteRetryMilliseconds = 5;

    /// <inheritdoc/>
    /// <remarks>Completes at once, on the caller's thread. After disposal it takes nothing and returns 0. Any number of writers.</remarks>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        var taken = 0;
        var file = _tun.File;
        var isReferenced = false;
        try
        {
            // Held for the batch, so that the calls themselves find it open.
            if (Volatile.Read(ref _disposed) || !TryReference(file, ref isReferenced))
                return ValueTask.FromResult(0);
            foreach (var buffer in batch.Span)
                if (Write(buffer))
                    taken++;
        }
        finally
        {
            if (isReferenced)
                file.DangerousRelease();
        }
        return ValueTask.FromResult(taken);
    }

    private static bool TryReference(FileDescriptor file, ref bool isReferenced)
    {
        try
        {
            file.DangerousAddRef(ref isReferenced);
            return true;
        }
        catch (ObjectDisposedException)
        {
            // Disposed of between the look and the grasp.
            return false;
        }
    }

    private bool Write(PacketBuffer buffer)
    {
        if (_headerLength == 0)
            return buffer.Offload.IsNone && TryWrite(buffer.Span);

        var start = buffer.Offset - PacketOffload.Size;
        if (start < 0)
            return WriteCopy(buffer);
        var bytes = buffer.Array.AsSpan(start, PacketOffload.Size + buffer.Length);
        buffer.Offload.Write(bytes);
        return TryWrite(bytes);
    }

    /// <summary>For a packet in front of which headers took up the headroom.</summary>
    private bool WriteCopy(PacketBuffer buffer)
    {
        var copy = ArrayPool<byte>.Shared.Rent(PacketOffload.Size + buffer.Length);
        buffer.Offload.Write(copy);
        buffer.Span.CopyTo(copy.AsSpan(PacketOffload.Size));
        var isTaken = TryWrite(copy.AsSpan(0, PacketOffload.Size + buffer.Length));
        ArrayPool<byte>.Shared.Return(copy);
        return isTaken;
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        for (var retries = 0; ;)
        {
            if (TunIo.Write(_tun.File, bytes) >= 0)
                return true;
            var error = Errno.Last;
            if (error == Errno.EINTR)
                continue;
            // EINVAL: neither IPv4 nor IPv6, or a header that does not fit the packet. EIO: the interface is down.
            if (error != Errno.EAGAIN || retries++ == WriteRetries)
                return false;
            Span<PollEntry> entries = [new(_tun.File.Number, Poll.POLLOUT)];
            Poll.Wait(entries, WriteRetryMilliseconds);
        }
    }
}
