using System.Diagnostics;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Negotiation;
using SubnetVpn.Libp2p.Noise;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// Makes a secured, multiplexed connection out of a bare link, within one time limit for all of it:
/// <code>multistream /noise ─▶ Noise XX ─▶ yamux, agreed inside the handshake, else by multistream over Noise</code>
/// </summary>
internal sealed partial class ConnectionUpgrader(ILocalIdentity identity, TimeSpan timeout, bool offersAes, TimeProvider time)
{
    private const int MaxProposals = 8;

    private static readonly string[] _security = [NoiseConstants.ProtocolId];
    private static readonly string[] _muxers = [YamuxConstants.ProtocolId];

    private readonly NoiseOffer _offer = new(_muxers, offersAes ? [NoiseConstants.Aes256Gcm] : []);

    /// <summary>The side that dialled. With <paramref name="expected"/>, another peer is refused.</summary>
    public Task<UpgradeResult> UpgradeOutboundAsync(IByteLink link, PeerId? expected, CancellationToken cancellationToken) =>
        RunAsync(link, isDialer: true, expected, cancellationToken);

    public Task<UpgradeResult> UpgradeInboundAsync(IByteLink link, CancellationToken cancellationToken) =>
        RunAsync(link, isDialer: false, null, cancellationToken);

    private async Task<UpgradeResult> RunAsync(IByteLink link, bool isDialer, PeerId? expected, CancellationToken cancellationToken)
    {
        using Activity? span = Tracing.StartHandshake(isDialer);
        using var timer = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var noise = new NoiseHandshake(identity, expected, _offer);
        UpgradeResult result;
        try
        {
            result = isDialer
                ? await RunInitiatorAsync(link, noise, both.Token).ConfigureAwait(false)
                : await RunResponderAsync(link, noise, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            result = timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested
                ? UpgradeResult.Failed(HandshakeFailure.TimedOut, $"the handshake took longer than {timeout.TotalSeconds:0.#} s")
                : UpgradeResult.Failed(HandshakeFailure.Cancelled, "cancelled");
        }
        catch (Exception exception) when (SendPump.IsLinkFailure(exception))
        {
            result = UpgradeResult.Failed(HandshakeFailure.LinkEnded, $"the connection broke during the handshake: {exception.Message}");
        }

        if (result.Link is not null && result.Link.Peer == identity.PeerId)
        {
            result = UpgradeResult.Failed(HandshakeFailure.Self, "the peer is this node itself");
        }

        Tracing.Finish(span, result.Link?.Peer ?? expected, result.Failure, result.Detail);

        return result;
    }

    private static async Task<UpgradeResult> FinishAsync(
        IByteLink link, NoiseHandshake noise, bool isDialer, (NoiseCipher Send, NoiseCipher Receive) ciphers, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> received = default;
        if (!noise.RemoteOffer.Muxers.Contains(YamuxConstants.ProtocolId))
        {
            var duplex = new NoiseDuplex(link, ciphers.Send, ciphers.Receive);
            NegotiationResult muxer = isDialer
                ? await MultistreamInitiator.NegotiateAsync(duplex, _muxers, cancellationToken).ConfigureAwait(false)
                : await MultistreamResponder.NegotiateAsync(duplex, _muxers, MaxProposals, cancellationToken).ConfigureAwait(false);
            if (muxer.Failure != NegotiationFailure.None)
            {
                return duplex.DecryptFailed
                    ? UpgradeResult.Failed(HandshakeFailure.DecryptFailed, "a message behind the handshake does not authenticate")
                    : Refused(muxer.Failure, HandshakeFailure.MuxerNotSupported, YamuxConstants.ProtocolId);
            }

            received = duplex.Rest;
        }

        return new UpgradeResult(
            new UpgradedLink(link, isDialer, noise.RemotePeer, noise.RemoteKey!, noise.Suite, ciphers.Send, ciphers.Receive, noise.Hash, received),
            HandshakeFailure.None,
            string.Empty);
    }

    private static UpgradeResult Refused(NegotiationFailure failure, HandshakeFailure notSupported, string protocol) => failure switch
    {
        NegotiationFailure.NotSupported or NegotiationFailure.TooManyProposals =>
            UpgradeResult.Failed(notSupported, $"the other side does not speak {protocol}"),
        NegotiationFailure.EndOfStream =>
            UpgradeResult.Failed(HandshakeFailure.LinkEnded, "the other side closed the connection during negotiation"),
        _ => UpgradeResult.Failed(HandshakeFailure.Garbage, "the other side does not speak multistream-select"),
    };

    private static UpgradeResult Refused(NoiseFailure failure) => failure switch
    {
        NoiseFailure.Malformed => UpgradeResult.Failed(HandshakeFailure.Malformed, "a Noise message is malformed"),
        NoiseFailure.DecryptFailed => UpgradeResult.Failed(HandshakeFailure.DecryptFailed, "a Noise message does not authenticate"),
        NoiseFailure.WeakKey => UpgradeResult.Failed(HandshakeFailure.WeakKey, "the peer used a weak key"),
        NoiseFailure.UnacceptableIdentity =>
            UpgradeResult.Failed(HandshakeFailure.UnacceptableIdentity, "the peer's identity key is of a kind or size that is not accepted"),
        NoiseFailure.BadSignature => UpgradeResult.Failed(HandshakeFailure.BadSignature, "the peer did not prove its identity"),
        _ => UpgradeResult.Failed(HandshakeFailure.WrongPeer, "another peer than the one that was dialled answered"),
    };
}
