using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Identify;

/// <summary>Takes the messages of one identify or push stream and merges them.</summary>
internal static class IdentifyReader
{
    public enum Outcome
    {
        Complete,
        Malformed,
        TooLarge,
        StreamEnded,
    }

    /// <summary>Reads to the end of the stream, starting from what is known already.</summary>
    public static async Task<(Outcome Outcome, PeerInfo Info)> ReadAsync(Libp2pStream stream, PeerInfo known, CancellationToken cancellationToken)
    {
        // The longest message and the longest length of one.
        var buffer = new byte[IdentifyConstants.MaxReceivedMessageBytes + 3];
        int filled = 0;
        int messages = 0;
        PeerInfo info = known;
        while (true)
        {
            StreamRead read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read.Count == 0)
            {
                return (read.End == StreamEnd.Completed && filled == 0 && messages > 0 ? Outcome.Complete : Outcome.StreamEnded, info);
            }

            filled += read.Count;
            while (true)
            {
                Outcome? failure = TryTake(buffer.AsSpan(0, filled), ref info, out int taken);
                if (failure is not null)
                {
                    return (failure.Value, known);
                }

                if (taken == 0)
                {
                    break;
                }

                if (++messages > IdentifyConstants.MaxReceivedMessages)
                {
                    return (Outcome.TooLarge, known);
                }

                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }
        }
    }

    private static Outcome? TryTake(ReadOnlySpan<byte> bytes, ref PeerInfo info, out int taken)
    {
        taken = 0;
        if (!Uvarint.TryRead(bytes, out ulong length, out int prefix))
        {
            return bytes.Length >= 3 ? Outcome.Malformed : null;
        }

        if (length > IdentifyConstants.MaxReceivedMessageBytes)
        {
            return Outcome.TooLarge;
        }

        if (bytes.Length - prefix < (int)length)
        {
            return null;
        }

        if (!IdentifyMessage.TryMerge(bytes.Slice(prefix, (int)length), info, out info))
        {
            return Outcome.Malformed;
        }

        taken = prefix + (int)length;
        return null;
    }
}
