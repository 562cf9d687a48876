using SubnetVpn.Libp2p.Negotiation;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>The side that dialled.</summary>
internal sealed partial class ConnectionUpgrader
{
    private static async Task<UpgradeResult> RunInitiatorAsync(IByteLink link, NoiseHandshake noise, CancellationToken cancellationToken)
    {
        // There is but one proposal, so the first Noise message goes with it: one round trip less.
        byte[] proposal = MultistreamInitiator.Propose(NoiseConstants.ProtocolId);
        byte[] opening = [.. proposal, .. noise.StartAsInitiator().Span];
        await link.SendAsync(opening, cancellationToken).ConfigureAwait(false);

        NegotiationResult security = await MultistreamInitiator
            .ConfirmAsync(new LinkDuplex(link), NoiseConstants.ProtocolId, cancellationToken).ConfigureAwait(false);
        if (security.Failure != NegotiationFailure.None)
        {
            return Refused(security.Failure, HandshakeFailure.SecurityNotSupported, NoiseConstants.ProtocolId);
        }

        var answer = await NoiseFrameReader.ReadAsync(link, NoiseFrameReader.MaxHandshakeMessageBytes, cancellationToken).ConfigureAwait(false);
        if (answer.Message is not { } message)
        {
            return FrameRefused(answer.Failure);
        }

        NoiseFailure failure = noise.FinishAsInitiator(message, out ReadOnlyMemory<byte> reply, out var ciphers);
        if (failure != NoiseFailure.None)
        {
            UpgradeResult refused = Refused(failure);
            return noise.RejectedPeer is { } other ? refused with { Detail = $"{refused.Detail}: {other}" } : refused;
        }

        await link.SendAsync(reply, cancellationToken).ConfigureAwait(false);
        return await FinishAsync(link, noise, isDialer: true, ciphers, cancellationToken).ConfigureAwait(false);
    }

    private static UpgradeResult FrameRefused(HandshakeFailure failure) => failure == HandshakeFailure.LinkEnded
        ? UpgradeResult.Failed(failure, "the other side closed the connection during the Noise handshake")
        : UpgradeResult.Failed(failure, "a Noise message is too long");
}
