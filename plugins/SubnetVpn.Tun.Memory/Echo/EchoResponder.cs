using System.Buffers;
using SubnetVpn.Tun.Memory.Device;

namespace SubnetVpn.Tun.Memory.Echo;

/// <summary>Plays the host that answers pings and the UDP echo service (RFC 862) at the device's own addresses.</summary>
internal sealed class EchoResponder(IReadOnlyList<TunAddress> addresses)
{
    /// <summary>Answers a packet if it asks for an echo.</summary>
    /// <param name="packet">A packet that the node wrote.</param>
    /// <param name="offload">Its offload, which the answer has too.</param>
    /// <param name="answers">Where the answer goes.</param>
    /// <param name="isAnswered">Whether there was room for the answer.</param>
    /// <returns>Whether the packet asked for an echo from here.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> packet, in PacketOffload offload, PacketQueue answers, out bool isAnswered)
    {
        isAnswered = false;
        var bytes = ArrayPool<byte>.Shared.Rent(packet.Length);
        try
        {
            var answer = bytes.AsSpan(0, packet.Length);
            packet.CopyTo(answer);
            if (!EchoPacket.TryTurn(answer, offload.NeedsChecksum, out var answeredBy) || !IsOurs(answeredBy))
                return false;
            isAnswered = answers.TryAdd(answer, offload);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private bool IsOurs(VirtualIp address)
    {
        for (var i = 0; i < addresses.Count; i++)
            if (addresses[i].Address == address)
                return true;
        return false;
    }
}
