using System.Buffers;

namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>
/// Takes messages from a duplex, and not one byte more: what follows the last one belongs to the protocol that was
/// agreed, so the length is read byte by byte, and then as many as it says.
/// </summary>
internal static class MultistreamReader
{
    /// <summary>The text of the next message, in the place of the protocol.</summary>
    public static async ValueTask<NegotiationResult> ReadAsync(IByteDuplex duplex, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MultistreamMessage.MaxLength);
        try
        {
            var length = 0;
            for (var count = 1; length == 0; count++)
            {
                if (!await FillAsync(duplex, buffer.AsMemory(count - 1, 1), cancellationToken))
                {
                    return NegotiationResult.Failed(NegotiationFailure.EndOfStream);
                }

                if (MultistreamMessage.ReadLength(buffer.AsSpan(0, count), out length, out var failure) == OperationStatus.InvalidData)
                {
                    return NegotiationResult.Failed(failure);
                }
            }

            if (!await FillAsync(duplex, buffer.AsMemory(0, length), cancellationToken))
            {
                return NegotiationResult.Failed(NegotiationFailure.EndOfStream);
            }

            return MultistreamMessage.TryReadBody(buffer.AsSpan(0, length), out var text)
                ? NegotiationResult.Agreed(text)
                : NegotiationResult.Failed(NegotiationFailure.Malformed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the header that the other side begins with.</summary>
    public static async ValueTask<NegotiationFailure> ReadHeaderAsync(IByteDuplex duplex, CancellationToken cancellationToken)
    {
        var message = await ReadAsync(duplex, cancellationToken);
        return message is { Failure: NegotiationFailure.None, Protocol: not MultistreamMessage.Header }
            ? NegotiationFailure.Malformed
            : message.Failure;
    }

    private static async ValueTask<bool> FillAsync(IByteDuplex duplex, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            var read = await duplex.ReadAsync(destination, cancellationToken);
            if (read == 0)
            {
                return false;
            }

            destination = destination[read..];
        }

        return true;
    }
}
