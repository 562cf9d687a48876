namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>
/// The side that proposes (multiformats/multistream-select). The first proposal goes out together with the header, so
/// that agreeing at once costs one round trip:
/// <code>
/// initiator                                  responder
/// /multistream/1.0.0  /a  ─────────────────▶
///                         ◀─────────────────  /multistream/1.0.0  na
/// /b                      ─────────────────▶
///                         ◀─────────────────  /b
/// </code>
/// How long it may take is the caller's to say, by its cancellation token.
/// </summary>
internal static class MultistreamInitiator
{
    /// <summary>Proposes <paramref name="protocols"/> in their order until the other side takes one.</summary>
    public static async ValueTask<NegotiationResult> NegotiateAsync(
        IByteDuplex duplex, IReadOnlyList<string> protocols, CancellationToken cancellationToken)
    {
        if (protocols.Count == 0)
        {
            throw new ArgumentException("There is nothing to propose.", nameof(protocols));
        }

        await duplex.WriteAsync(MultistreamMessage.Encode(MultistreamMessage.Header, protocols[0]), cancellationToken);
        var header = await MultistreamReader.ReadHeaderAsync(duplex, cancellationToken);
        if (header != NegotiationFailure.None)
        {
            return NegotiationResult.Failed(header);
        }

        for (var index = 0; ; index++)
        {
            var result = await ReadAnswerAsync(duplex, protocols[index], cancellationToken);
            if (result.Failure != NegotiationFailure.NotSupported || index == protocols.Count - 1)
            {
                return result;
            }

            await duplex.WriteAsync(MultistreamMessage.Encode(protocols[index + 1]), cancellationToken);
        }
    }

    /// <summary>
    /// What to write in front of the first data when there is but one protocol to propose: nothing is waited for, and
    /// <see cref="ConfirmAsync"/> takes the answers before the first data is read. Costs no round trip. The data is
    /// lost when the other side refuses.
    /// </summary>
    public static byte[] Propose(string protocol) => MultistreamMessage.Encode(MultistreamMessage.Header, protocol);

    /// <summary>Takes the two answers to <see cref="Propose"/>; what follows is the protocol's own.</summary>
    public static async ValueTask<NegotiationResult> ConfirmAsync(IByteDuplex duplex, string protocol, CancellationToken cancellationToken)
    {
        var header = await MultistreamReader.ReadHeaderAsync(duplex, cancellationToken);
        return header == NegotiationFailure.None
            ? await ReadAnswerAsync(duplex, protocol, cancellationToken)
            : NegotiationResult.Failed(header);
    }

    private static async ValueTask<NegotiationResult> ReadAnswerAsync(IByteDuplex duplex, string protocol, CancellationToken cancellationToken)
    {
        var answer = await MultistreamReader.ReadAsync(duplex, cancellationToken);
        if (answer.Failure != NegotiationFailure.None)
        {
            return answer;
        }

        // The caller's string, not the one that was read: protocol ids are compared and kept.
        return answer.Protocol == protocol ? NegotiationResult.Agreed(protocol)
            : NegotiationResult.Failed(answer.Protocol == MultistreamMessage.NotAvailable
                ? NegotiationFailure.NotSupported
                : NegotiationFailure.Malformed);
    }
}
