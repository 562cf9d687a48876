using System.Buffers.Binary;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>Takes single Noise messages from a link while it is being upgraded, and not one byte more.</summary>
internal static class NoiseFrameReader
{
    /// <summary>
    /// What a stranger may make us keep before it proved who it is. The largest payload that is accepted, with
    /// an 8192-bit RSA identity, has less than 3 KiB.
    /// </summary>
    public const int MaxHandshakeMessageBytes = 8 * 1024;

    public static async ValueTask<FrameRead> ReadAsync(IByteLink link, int maxBytes, CancellationToken cancellationToken)
    {
        var prefix = new byte[NoiseConstants.LengthBytes];
        if (!await FillAsync(link, prefix, cancellationToken).ConfigureAwait(false))
        {
            return FrameRead.Ended;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length > maxBytes)
        {
            return new FrameRead(null, HandshakeFailure.Malformed);
        }

        var message = new byte[length];
        return await FillAsync(link, message, cancellationToken).ConfigureAwait(false)
            ? new FrameRead(message, HandshakeFailure.None)
            : FrameRead.Ended;
    }

    private static async ValueTask<bool> FillAsync(IByteLink link, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            int count = await link.ReceiveAsync(destination, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return false;
            }

            destination = destination[count..];
        }

        return true;
    }

    /// <summary>A message without its length, or why there is none.</summary>
    public readonly record struct FrameRead(byte[]? Message, HandshakeFailure Failure)
    {
        public static FrameRead Ended => new(null, HandshakeFailure.LinkEnded);
    }
}
