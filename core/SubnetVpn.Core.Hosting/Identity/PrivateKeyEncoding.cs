using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// The PrivateKey message of libp2p (specification, <c>peer-ids/peer-ids.md</c>) for an Ed25519 key, whose encoding is
/// fixed, byte for byte:
/// <code>
/// 08 01 | 12 40 | 32 bytes seed | 32 bytes public key
/// </code>
/// Read as well: <c>12 60</c> with the public key twice (old go-libp2p), and <c>12 20</c> with the seed alone.
/// </summary>
internal static class PrivateKeyEncoding
{
    public const int Length = HeaderLength + SeedLength + PublicKeyLength;
    public const int MaxLength = Length + PublicKeyLength;

    private const int HeaderLength = 4;
    private const int SeedLength = Ed25519SigningKey.SeedLength;
    private const int PublicKeyLength = Ed25519SigningKey.PublicKeyLength;
    private const byte TypeField = 0x08;
    private const byte DataField = 0x12;
    private const byte Ed25519Type = 1;

    public static void Write(Ed25519SigningKey key, Span<byte> destination)
    {
        ReadOnlySpan<byte> header = [TypeField, Ed25519Type, DataField, SeedLength + PublicKeyLength];
        header.CopyTo(destination);
        key.ExportSeed(destination.Slice(HeaderLength, SeedLength));
        key.PublicKey.Span.CopyTo(destination[(HeaderLength + SeedLength)..]);
    }

    /// <summary>The key, or what is wrong with the bytes.</summary>
    public static IdentityFault? TryRead(ReadOnlySpan<byte> source, out Ed25519SigningKey? key)
    {
        key = null;
        if (source is [TypeField, 0 or 2 or 3, DataField, ..])
        {
            return IdentityFault.UnsupportedKeyType;
        }

        if (source is not [TypeField, Ed25519Type, DataField, var length, .. var data] || length != data.Length ||
            length is not (SeedLength or SeedLength + PublicKeyLength or SeedLength + (2 * PublicKeyLength)))
        {
            return IdentityFault.Malformed;
        }

        var candidate = Ed25519SigningKey.FromSeed(data[..SeedLength]);
        for (var rest = data[SeedLength..]; !rest.IsEmpty; rest = rest[PublicKeyLength..])
        {
            // A public key that is not the seed's means that the file was damaged or pieced together.
            if (!CryptographicOperations.FixedTimeEquals(rest[..PublicKeyLength], candidate.PublicKey.Span))
            {
                candidate.Dispose();
                return IdentityFault.Malformed;
            }
        }

        key = candidate;
        return null;
    }
}
