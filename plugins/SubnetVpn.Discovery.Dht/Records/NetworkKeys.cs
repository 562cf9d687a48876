using System.Security.Cryptography;

namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>
/// The keys that the records of a network are made with; all members have them. In an open network everybody has who knows its name.
/// </summary>
internal sealed class NetworkKeys
{
    private const int KeyLength = 32;
    private const int NameLength = 16;

    private readonly byte[] _signing = new byte[KeyLength];
    private readonly byte[] _sealing = new byte[KeyLength];
    private readonly byte[] _naming = new byte[KeyLength];
    private readonly IEd25519 _ed25519;

    /// <param name="network">The network. Its name goes into the keys: one secret may serve several networks.</param>
    /// <param name="ed25519">Makes and checks signatures.</param>
    public NetworkKeys(NetworkContext network, IEd25519 ed25519)
    {
        network.Key.Derive($"subnetvpn dht signing 1:{network.Name}", _signing);
        network.Key.Derive($"subnetvpn dht sealing 1:{network.Name}", _sealing);
        network.Key.Derive($"subnetvpn dht naming 1:{network.Name}", _naming);
        _ed25519 = ed25519;
        PublicKey = ed25519.GetPublicKey(_signing);
    }

    /// <summary>What stands in the key of each record, so that whoever stores it can check who made it.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The key of the record of an address.</summary>
    public byte[] KeyOf(VirtualIp address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = address.WriteBytes(bytes);
        Span<byte> name = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_naming, bytes[..length], name);
        return [.. RecordKey.Prefix, .. PublicKey.Span, .. name[..NameLength]];
    }

    public byte[] Sign(ReadOnlySpan<byte> data) => _ed25519.Sign(_signing, data);

    /// <summary>Encrypts; the tag comes last.</summary>
    public byte[] Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var output = new byte[plain.Length + SealedLength.Tag];
        using var cipher = new ChaCha20Poly1305(_sealing);
        cipher.Encrypt(nonce, plain, output.AsSpan(0, plain.Length), output.AsSpan(plain.Length), associated);
        return output;
    }

    /// <summary>Decrypts; null when it was not sealed by this key, or with another header.</summary>
    public byte[]? Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> output, ReadOnlySpan<byte> associated)
    {
        if (output.Length < SealedLength.Tag)
            return null;
        var plain = new byte[output.Length - SealedLength.Tag];
        using var cipher = new ChaCha20Poly1305(_sealing);
        try
        {
            cipher.Decrypt(nonce, output[..plain.Length], output[plain.Length..], plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
