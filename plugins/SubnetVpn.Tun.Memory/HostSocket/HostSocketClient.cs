using System.Buffers.Binary;
using System.Net.Sockets;
using SubnetVpn.Tun.Memory.Device;

namespace SubnetVpn.Tun.Memory.HostSocket;

/// <summary>
/// One client: <c>| u32 length, big-endian | IP packet |</c>, repeated, in both directions. A packet that the device does
/// not take is dropped and counted there, as a kernel does.
/// </summary>
internal sealed class HostSocketClient(Socket socket, MemoryTun device)
{
    private const int LengthBytes = 4;
    private const int BatchSize = 32;

    /// <summary>Serves until the client leaves, the device is gone, or it is cancelled.</summary>
    /// <exception cref="InvalidDataException">The client sent what is no packet.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = new NetworkStream(socket);
        var receiving = ReceiveAsync(stream, ending.Token);
        var sending = SendAsync(stream, ending.Token);
        await Task.WhenAny(receiving, sending).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(receiving, sending).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!receiving.IsFaulted && !sending.IsFaulted)
        {
            // The other half ended it.
        }
    }

    private async Task ReceiveAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var packet = new byte[PacketBuffer.MaxPacketLength];
        var header = new byte[LengthBytes];
        while (await stream.ReadAtLeastAsync(header, LengthBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == LengthBytes)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (length is 0 or > PacketBuffer.MaxPacketLength)
                throw new InvalidDataException($"A packet has 1 to {PacketBuffer.MaxPacketLength} bytes, not {length}.");
            var part = packet.AsMemory(0, (int)length);
            await stream.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            device.TryInject(part.Span, default);
        }
    }

    private async Task SendAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var batch = new PacketBuffer[BatchSize];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = new PacketBuffer(device.Mtu);
        while (await device.ReadFromNodeAsync(batch, cancellationToken).ConfigureAwait(false) is var count and > 0)
            for (var i = 0; i < count; i++)
            {
                var length = batch[i].Length;
                BinaryPrimitives.WriteInt32BigEndian(batch[i].Prepend(LengthBytes), length);
                await stream.WriteAsync(batch[i].Memory, cancellationToken).ConfigureAwait(false);
            }
    }
}
