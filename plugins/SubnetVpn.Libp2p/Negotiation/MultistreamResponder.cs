namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>
/// The side that chooses. Bytes that the initiator sends behind a proposal, in the hope that it is taken, stay in the
/// duplex for the protocol.
/// </summary>
internal static class MultistreamResponder
{
    /// <summary>How many proposals (and requests for the list) are answered. Who needs more does not know what it wants.</summary>
    public const int DefaultMaxProposals = 16;

    /// <summary>Answers proposals until one is among <paramref name="protocols"/>.</summary>
    public static async ValueTask<NegotiationResult> NegotiateAsync(
        IByteDuplex duplex, IReadOnlyCollection<string> protocols, int maxProposals, CancellationToken cancellationToken)
    {
        var failure = await MultistreamReader.ReadHeaderAsync(duplex, cancellationToken);
        if (failure != NegotiationFailure.None)
        {
            return NegotiationResult.Failed(failure);
        }

        // An initiator may wait for our header before it proposes. If more is here already, this one does not, and
        // header and answer travel together.
        var headerDue = duplex.IsDataAvailable;
        if (!headerDue)
        {
            await duplex.WriteAsync(MultistreamMessage.Encode(MultistreamMessage.Header), cancellationToken);
        }

        for (var count = 0; count < maxProposals; count++)
        {
            var proposal = await MultistreamReader.ReadAsync(duplex, cancellationToken);
            if (proposal is not { Failure: NegotiationFailure.None, Protocol: { } protocol })
            {
                return proposal;
            }

            var agreed = protocols.Contains(protocol);
            var answer = Answer(protocol, agreed, protocols);
            await duplex.WriteAsync(headerDue ? [.. MultistreamMessage.Encode(MultistreamMessage.Header), .. answer] : answer, cancellationToken);
            headerDue = false;
            if (agreed)
            {
                return proposal;
            }
        }

        return NegotiationResult.Failed(NegotiationFailure.TooManyProposals);
    }

    private static byte[] Answer(string proposal, bool agreed, IReadOnlyCollection<string> protocols)
    {
        if (proposal == MultistreamMessage.List && MultistreamMessage.TryEncodeList(protocols, out var list))
        {
            return list;
        }

        return MultistreamMessage.Encode(agreed ? proposal : MultistreamMessage.NotAvailable);
    }
}
