using SubnetVpn.Libp2p.Negotiation;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>The side that was dialled.</summary>
internal sealed partial class ConnectionUpgrader
{
    private static async Task<UpgradeResult> RunResponderAsync(IByteLink link, NoiseHandshake noise, CancellationToken cancellationToken)
    {
        NegotiationResult security = await MultistreamResponder
            .NegotiateAsync(new LinkDuplex(link), _security, MaxProposals, cancellationToken).ConfigureAwait(false);
        if (security.Failure != NegotiationFailure.None)
        {
            return Refused(security.Failure, HandshakeFailure.SecurityNotSupported, NoiseConstants.ProtocolId);
        }

        var first = await NoiseFrameReader.ReadAsync(link, NoiseFrameReader.MaxHandshakeMessageBytes, cancellationToken).ConfigureAwait(false);
        if (first.Message is not { } opening)
        {
            return FrameRefused(first.Failure);
        }

        NoiseFailure failure = noise.AnswerAsResponder(opening, out ReadOnlyMemory<byte> reply);
        if (failure != NoiseFailure.None)
        {
            return Refused(failure);
        }

        await link.SendAsync(reply, cancellationToken).ConfigureAwait(false);
        var last = await NoiseFrameReader.ReadAsync(link, NoiseFrameReader.MaxHandshakeMessageBytes, cancellationToken).ConfigureAwait(false);
        if (last.Message is not { } closing)
        {
            return FrameRefused(last.Failure);
        }

        failure = noise.FinishAsResponder(closing, out var ciphers);
        return failure == NoiseFailure.None
            ? await FinishAsync(link, noise, isDialer: false, ciphers, cancellationToken).ConfigureAwait(false)
            : Refused(failure);
    }
}
