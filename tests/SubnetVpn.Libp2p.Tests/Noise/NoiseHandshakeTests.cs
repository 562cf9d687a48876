using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Tests.Noise;

public class NoiseHandshakeTests
{
    private static readonly NoiseOffer _plain = new(["/yamux/1.0.0"], []);
    private static readonly NoiseOffer _aes = new(["/yamux/1.0.0"], ["aes-256-gcm"]);

    [Fact]
    public void Handshake_ExpectedPeer_BothKnowEachOtherAndTheMuxers()
    {
        var alice = new TestIdentity();
        var bob = new TestIdentity();
        using var initiator = new NoiseHandshake(alice, bob.PeerId, _plain);
        using var responder = new NoiseHandshake(bob, null, _plain);

        (NoiseFailure atInitiator, NoiseFailure atResponder) = Run(initiator, responder);

        Assert.Equal(NoiseFailure.None, atInitiator);
        Assert.Equal(NoiseFailure.None, atResponder);
        Assert.Equal(bob.PeerId, initiator.RemotePeer);
        Assert.Equal(alice.PeerId, responder.RemotePeer);
        Assert.Equal(bob.PublicKey, initiator.RemoteKey);
        Assert.Equal(_plain.Muxers, initiator.RemoteOffer.Muxers);
        Assert.Equal(_plain.Muxers, responder.RemoteOffer.Muxers);
    }

    [Fact]
    public void Handshake_NoMuxersOffered_NoneAreKnown()
    {
        using var initiator = new NoiseHandshake(new TestIdentity(), null, NoiseOffer.None);
        using var responder = new NoiseHandshake(new TestIdentity(), null, _plain);

        Assert.Equal((NoiseFailure.None, NoiseFailure.None), Run(initiator, responder));

        Assert.Empty(responder.RemoteOffer.Muxers);
    }

    [Fact]
    public void Handshake_OtherPeerAnswers_IsWrongPeer()
    {
        var other = new TestIdentity();
        using var initiator = new NoiseHandshake(new TestIdentity(), new TestIdentity().PeerId, _plain);
        using var responder = new NoiseHandshake(other, null, _plain);

        (NoiseFailure failure, _) = Run(initiator, responder);

        Assert.Equal(NoiseFailure.WrongPeer, failure);
        Assert.Equal(other.PeerId, initiator.RejectedPeer);
    }

    [Fact]
    public void Handshake_ResponderStealsAnIdentity_IsBadSignature()
    {
        var victim = new TestIdentity();
        using var initiator = new NoiseHandshake(new TestIdentity(), victim.PeerId, _plain);
        using var responder = new NoiseHandshake(new Impostor(victim), null, _plain);

        (NoiseFailure failure, _) = Run(initiator, responder);

        Assert.Equal(NoiseFailure.BadSignature, failure);
    }

    [Fact]
    public void Handshake_InitiatorStealsAnIdentity_IsBadSignature()
    {
        using var initiator = new NoiseHandshake(new Impostor(new TestIdentity()), null, _plain);
        using var responder = new NoiseHandshake(new TestIdentity(), null, _plain);

        (_, NoiseFailure failure) = Run(initiator, responder);

        Assert.Equal(NoiseFailure.BadSignature, failure);
    }

    [Fact]
    public void FinishAsInitiator_AnyBitFlipped_Fails()
    {
        var bob = new TestIdentity();
        using var probe = new NoiseHandshake(new TestIdentity(), null, _plain);
        using var probed = new NoiseHandshake(bob, null, _plain);
        Assert.Equal(NoiseFailure.None, probed.AnswerAsResponder(Body(probe.StartAsInitiator()), out ReadOnlyMemory<byte> sample));

        for (int position = NoiseConstants.LengthBytes; position < sample.Length; position += 7)
        {
            using var initiator = new NoiseHandshake(new TestIdentity(), bob.PeerId, _plain);
            using var responder = new NoiseHandshake(bob, null, _plain);
            Assert.Equal(NoiseFailure.None, responder.AnswerAsResponder(Body(initiator.StartAsInitiator()), out ReadOnlyMemory<byte> answer));
            byte[] tampered = answer.ToArray();
            tampered[position] ^= 0x10;

            NoiseFailure failure = initiator.FinishAsInitiator(Body(tampered), out _, out _);

            Assert.Equal(NoiseFailure.DecryptFailed, failure);
        }
    }

    [Fact]
    public void FinishAsInitiator_EveryTruncation_Fails()
    {
        var bob = new TestIdentity();
        using var first = new NoiseHandshake(new TestIdentity(), bob.PeerId, _plain);
        using var responder = new NoiseHandshake(bob, null, _plain);
        Assert.Equal(NoiseFailure.None, responder.AnswerAsResponder(Body(first.StartAsInitiator()), out ReadOnlyMemory<byte> answer));

        for (int length = 0; length < answer.Length - NoiseConstants.LengthBytes; length += 5)
        {
            using var initiator = new NoiseHandshake(new TestIdentity(), bob.PeerId, _plain);
            initiator.StartAsInitiator();
            NoiseFailure failure = initiator.FinishAsInitiator(Body(answer)[..length], out _, out _);
            Assert.True(failure is NoiseFailure.Malformed or NoiseFailure.DecryptFailed, $"{length}: {failure}");
        }
    }

    [Fact]
    public void TryRead_RandomAndMutatedPayloads_NeverThrow()
    {
        byte[] valid = NoisePayload.Write(new TestIdentity(), new byte[32], _plain);
        foreach (byte[] bytes in RandomBytes.Noise(72, 2000, 200).Concat(RandomBytes.Mutations(73, 2000, valid)))
        {
            NoiseFailure failure = NoisePayload.TryRead(bytes, new byte[32], out _, out NoiseOffer offer);
            Assert.True(failure != NoiseFailure.None || (offer.Muxers.Count <= 100 && offer.Ciphers.Count <= 100));
        }
    }

    [Theory]
    [InlineData(true, true, NoiseCipherSuite.Aes256Gcm)]
    [InlineData(true, false, NoiseCipherSuite.ChaCha20Poly1305)]
    [InlineData(false, true, NoiseCipherSuite.ChaCha20Poly1305)]
    [InlineData(false, false, NoiseCipherSuite.ChaCha20Poly1305)]
    public void Handshake_WhoOffersAes_IsUsedOnlyWhenBothDo(bool initiatorOffers, bool responderOffers, object expected)
    {
        using var initiator = new NoiseHandshake(new TestIdentity(), null, initiatorOffers ? _aes : _plain);
        using var responder = new NoiseHandshake(new TestIdentity(), null, responderOffers ? _aes : _plain);

        Assert.Equal((NoiseFailure.None, NoiseFailure.None), Run(initiator, responder));

        Assert.Equal((expected, expected), (initiator.Suite, responder.Suite));
    }

    [Fact]
    public void Handshake_CiphersNobodyKnows_AreSkipped()
    {
        using var initiator = new NoiseHandshake(new TestIdentity(), null, new NoiseOffer([], ["rot13", "aes-256-gcm"]));
        using var responder = new NoiseHandshake(new TestIdentity(), null, new NoiseOffer([], ["aes-256-gcm", "xtea"]));

        Assert.Equal((NoiseFailure.None, NoiseFailure.None), Run(initiator, responder));

        Assert.Equal(NoiseCipherSuite.Aes256Gcm, initiator.Suite);
    }

    private static (NoiseFailure Initiator, NoiseFailure Responder) Run(NoiseHandshake initiator, NoiseHandshake responder)
    {
        NoiseFailure failure = responder.AnswerAsResponder(Body(initiator.StartAsInitiator()), out ReadOnlyMemory<byte> answer);
        Assert.Equal(NoiseFailure.None, failure);
        failure = initiator.FinishAsInitiator(Body(answer), out ReadOnlyMemory<byte> reply, out var toResponder);
        if (failure != NoiseFailure.None)
        {
            return (failure, NoiseFailure.None);
        }

        NoiseFailure atResponder = responder.FinishAsResponder(Body(reply), out var toInitiator);
        if (atResponder == NoiseFailure.None)
        {
            AssertOpens(toResponder.Send, toInitiator.Receive);
            AssertOpens(toInitiator.Send, toResponder.Receive);
        }

        return (failure, atResponder);
    }

    private static void AssertOpens(NoiseCipher sender, NoiseCipher receiver)
    {
        var message = new byte[100];
        sender.Seal(message, []);
        Assert.True(receiver.TryOpen(message, []));
        Assert.All(message[..^NoiseConstants.TagBytes], static value => Assert.Equal(0, value));
    }

    private static ReadOnlySpan<byte> Body(ReadOnlyMemory<byte> frame) => frame.Span[NoiseConstants.LengthBytes..];

    /// <summary>Has the victim's public key but not the private one.</summary>
    private sealed class Impostor(ILocalIdentity victim) : ILocalIdentity
    {
        private readonly TestIdentity _own = new();

        public PeerId PeerId => victim.PeerId;

        public PublicKey PublicKey => victim.PublicKey;

        public byte[] Sign(ReadOnlySpan<byte> message) => _own.Sign(message);
    }
}
