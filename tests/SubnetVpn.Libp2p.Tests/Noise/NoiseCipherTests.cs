using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Tests.Noise;

public class NoiseCipherTests
{
    private static readonly byte[] _key = RandomNumberGenerator.GetBytes(NoiseConstants.KeyBytes);

    [Fact]
    public void Seal_Aes_HasTheNonceOfTheSpecification()
    {
        using var cipher = new NoiseCipher(_key, NoiseCipherSuite.Aes256Gcm);
        CounterOf(cipher) = 0x0102030405060708;
        var message = new byte[100];
        cipher.Seal(message, [7]);

        using var plain = new AesGcm(_key, NoiseConstants.TagBytes);
        var opened = new byte[84];
        plain.Decrypt([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], message.AsSpan(0, 84), message.AsSpan(84), opened, [7]);

        Assert.Equal(new byte[84], opened);
    }

    [Fact]
    public void Seal_AesAtTheEndOfAKey_GoesOnWithTheNext()
    {
        using var sender = new NoiseCipher(_key, NoiseCipherSuite.Aes256Gcm);
        using var receiver = new NoiseCipher(_key, NoiseCipherSuite.Aes256Gcm);
        using var forgetful = new AesGcm(_key, NoiseConstants.TagBytes);
        CounterOf(sender) = CounterOf(receiver) = NoiseCipher.MessagesPerKey - 1;
        for (int i = 0; i < 3; i++)
        {
            var message = new byte[50];
            sender.Seal(message, []);
            byte[] copy = [.. message];

            Assert.True(receiver.TryOpen(message, []));
            Assert.Equal(new byte[34], message[..34]);

            byte[] nonce = new byte[12];
            BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), NoiseCipher.MessagesPerKey - 1 + (ulong)i);
            bool isFirstKey = Record.Exception(() => forgetful.Decrypt(nonce, copy.AsSpan(0, 34), copy.AsSpan(34), new byte[34])) is null;
            Assert.Equal(i == 0, isFirstKey);
        }
    }

    [Theory]
    [InlineData(NoiseCipherSuite.ChaCha20Poly1305)]
    [InlineData(NoiseCipherSuite.Aes256Gcm)]
    public void TryOpen_ChangedOrShort_IsFalse(object suite)
    {
        using var sender = new NoiseCipher(_key, (NoiseCipherSuite)suite);
        using var receiver = new NoiseCipher(_key, (NoiseCipherSuite)suite);
        var message = new byte[64];
        sender.Seal(message, []);
        message[10] ^= 1;

        Assert.False(receiver.TryOpen(message, []));
        Assert.False(receiver.TryOpen(new byte[NoiseConstants.TagBytes - 1], []));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_counter")]
    private static extern ref ulong CounterOf(NoiseCipher cipher);
}
