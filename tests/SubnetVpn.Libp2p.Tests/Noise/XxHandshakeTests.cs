using SubnetVpn.Libp2p.Crypto;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Tests.Noise;

public class XxHandshakeTests
{
    // The vector Noise_XX_25519_ChaChaPoly_SHA256 of cacophony, as kept in the repository mcginty/snow, tests/vectors/cacophony.txt.
    private const string Prologue = "4a6f686e2047616c74";
    private const string InitiatorStatic = "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1";
    private const string InitiatorEphemeral = "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a";
    private const string ResponderStatic = "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893";
    private const string ResponderEphemeral = "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b";

    private static readonly (string Payload, string Ciphertext)[] _messages =
    [
        ("4c756477696720766f6e204d69736573", "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573"),
        ("4d757272617920526f746862617264", "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f14480884381cbad1f276e038c48378ffce2b65285e08d6b68aaa3629a5a8639392490e5b9bd5269c2f1e4f488ed8831161f19b7815528f8982ffe09be9b5c412f8a0db50f8814c7194e83f23dbd8d162c9326ad"),
        ("462e20412e20486179656b", "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a80ae475b9df0f169ae80a89be0865b57f58c9fea0d4ec82a286427402f113e4b6ae769a1d95941d49b25030"),
        ("4361726c204d656e676572", "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df"),
        ("4a65616e2d426170746973746520536179", "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5"),
        ("457567656e2042f6686d20766f6e2042617765726b", "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f"),
    ];

    [Fact]
    public void Messages_CacophonyVector_AreTheVectors()
    {
        using XxHandshake initiator = New(InitiatorStatic, InitiatorEphemeral);
        using XxHandshake responder = New(ResponderStatic, ResponderEphemeral);
        var buffer = new byte[1024];

        int length = initiator.WriteMessage1(Payload(0), buffer);
        Assert.Equal(_messages[0].Ciphertext, Hex(buffer, length));
        Assert.Equal(NoiseFailure.None, responder.ReadMessage1(buffer.AsSpan(0, length), out byte[] payload));
        Assert.Equal(Payload(0), payload);

        Assert.Equal(NoiseFailure.None, responder.WriteMessage2(Payload(1), buffer, out length));
        Assert.Equal(_messages[1].Ciphertext, Hex(buffer, length));
        Assert.Equal(NoiseFailure.None, initiator.ReadMessage2(buffer.AsSpan(0, length), out payload));
        Assert.Equal(Payload(1), payload);

        Assert.Equal(NoiseFailure.None, initiator.WriteMessage3(Payload(2), buffer, out length));
        Assert.Equal(_messages[2].Ciphertext, Hex(buffer, length));
        Assert.Equal(NoiseFailure.None, responder.ReadMessage3(buffer.AsSpan(0, length), out payload));
        Assert.Equal(Payload(2), payload);

        Assert.Equal(initiator.Hash, responder.Hash);
        Assert.Equal(initiator.LocalStatic, responder.RemoteStatic);
        Assert.Equal(responder.LocalStatic, initiator.RemoteStatic);
    }

    [Fact]
    public void Split_CacophonyVector_EncryptsTheTransportMessages()
    {
        using XxHandshake initiator = New(InitiatorStatic, InitiatorEphemeral);
        using XxHandshake responder = New(ResponderStatic, ResponderEphemeral);
        Run(initiator, responder);

        (NoiseCipher fromInitiator, NoiseCipher fromResponder) = initiator.Split();
        (NoiseCipher alsoFromInitiator, NoiseCipher alsoFromResponder) = responder.Split();

        // After the handshake the responder speaks first, then they take turns.
        for (int i = 3; i < _messages.Length; i++)
        {
            (NoiseCipher sender, NoiseCipher receiver) = i % 2 == 1 ? (alsoFromResponder, fromResponder) : (fromInitiator, alsoFromInitiator);
            byte[] message = [.. Payload(i), .. new byte[NoiseConstants.TagBytes]];
            sender.Seal(message, []);
            Assert.Equal(_messages[i].Ciphertext, Hex(message, message.Length));
            Assert.True(receiver.TryOpen(message, []));
            Assert.Equal(Payload(i), message[..^NoiseConstants.TagBytes]);
        }
    }

    [Fact]
    public void ReadMessage2_EphemeralOfLowOrder_IsAWeakKey()
    {
        using XxHandshake initiator = New(InitiatorStatic, InitiatorEphemeral);
        initiator.WriteMessage1([], new byte[32]);

        // The point 0 has order one: every agreement with it gives zero (RFC 7748, section 6.1).
        Assert.Equal(NoiseFailure.WeakKey, initiator.ReadMessage2(new byte[200], out _));
    }

    [Fact]
    public void ReadMessages_EveryPrefixAndRandomBytes_AreFailuresAndNeverThrow()
    {
        foreach (byte[] bytes in RandomBytes.Noise(seed: 71, count: 300, maxLength: 300).Append([]))
        {
            using XxHandshake initiator = New(InitiatorStatic, InitiatorEphemeral);
            initiator.WriteMessage1([], new byte[32]);
            Assert.NotEqual(NoiseFailure.None, initiator.ReadMessage2(bytes, out _));

            using XxHandshake responder = New(ResponderStatic, ResponderEphemeral);
            if (responder.ReadMessage1(bytes, out _) == NoiseFailure.None && responder.WriteMessage2([], new byte[300], out _) == NoiseFailure.None)
            {
                Assert.NotEqual(NoiseFailure.None, responder.ReadMessage3(bytes, out _));
            }
        }
    }

    private static void Run(XxHandshake initiator, XxHandshake responder)
    {
        var buffer = new byte[1024];
        int length = initiator.WriteMessage1(Payload(0), buffer);
        Assert.Equal(NoiseFailure.None, responder.ReadMessage1(buffer.AsSpan(0, length), out _));
        Assert.Equal(NoiseFailure.None, responder.WriteMessage2(Payload(1), buffer, out length));
        Assert.Equal(NoiseFailure.None, initiator.ReadMessage2(buffer.AsSpan(0, length), out _));
        Assert.Equal(NoiseFailure.None, initiator.WriteMessage3(Payload(2), buffer, out length));
        Assert.Equal(NoiseFailure.None, responder.ReadMessage3(buffer.AsSpan(0, length), out _));
    }

    private static XxHandshake New(string staticKey, string ephemeralKey) => new(
        X25519KeyPair.FromPrivate(Convert.FromHexString(staticKey)),
        X25519KeyPair.FromPrivate(Convert.FromHexString(ephemeralKey)),
        Convert.FromHexString(Prologue));

    private static byte[] Payload(int index) => Convert.FromHexString(_messages[index].Payload);

    private static string Hex(byte[] bytes, int length) => Convert.ToHexStringLower(bytes.AsSpan(0, length));
}
