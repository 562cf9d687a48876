using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Keys;

/// <summary>
/// The name of a peer: the multihash of its public key (libp2p specification, <c>peer-ids/peer-ids.md</c>). A key of
/// at most 42 bytes stands in it whole, a longer one as its SHA-256. The default value is no peer.
/// </summary>
public readonly struct PeerId : IEquatable<PeerId>
{
    private const int MaxInlineKeyLength = 42;
    private const int MaxTextLength = 128;
    private const byte CidVersion = 0x01;
    private const byte Libp2pKeyCodec = 0x72;

    private readonly byte[]? _bytes;

    private PeerId(byte[] bytes) => _bytes = bytes;

    /// <summary>The multihash; empty for the default value.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether this is the default value, which names no peer.</summary>
    public bool IsEmpty => _bytes is null;

    /// <summary>Reads either text form: base58btc of the multihash, or a CID of version 1 with the codec <c>libp2p-key</c>.</summary>
    public static bool TryParse(string? text, out PeerId id) => TryParse(text.AsSpan(), out id);

    /// <inheritdoc cref="TryParse(string, out PeerId)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerId id)
    {
        id = default;
        if (text.Length is 0 or > MaxTextLength)
        {
            return false;
        }

        if (text[0] == '1' || text.StartsWith("Qm", StringComparison.Ordinal))
        {
            return Multibase.TryDecodeBase58(text, out var multihash) && TryFromBytes(multihash, out id);
        }

        return Multibase.TryDecode(text, out var cid) && cid is [CidVersion, Libp2pKeyCodec, ..] && TryFromBytes(cid.AsSpan(2), out id);
    }

    /// <inheritdoc cref="TryParse(string, out PeerId)"/>
    /// <exception cref="FormatException">The text is no peer id.</exception>
    public static PeerId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no peer id.");
    }

    /// <summary>Takes a copy of <paramref name="multihash"/> if it is one that a public key can have.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> multihash, out PeerId id)
    {
        id = default;
        if (!Multihash.TryRead(multihash, out var code, out var digest))
        {
            return false;
        }

        var valid = code switch
        {
            Multihash.Identity => digest.Length is > 0 and <= MaxInlineKeyLength,
            Multihash.Sha256 => digest.Length == Multihash.Sha256DigestLength,
            _ => false,
        };
        if (valid)
        {
            id = new PeerId(multihash.ToArray());
        }

        return valid;
    }

    /// <summary>The id of the peer that holds <paramref name="key"/>.</summary>
    public static PeerId FromPublicKey(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var encoded = key.ToProtobuf();
        return new PeerId(encoded.Length <= MaxInlineKeyLength
            ? Multihash.Create(Multihash.Identity, encoded)
            : Multihash.Create(Multihash.Sha256, SHA256.HashData(encoded)));
    }

    /// <summary>The public key, if the id carries it whole and in the form that leads back to this id.</summary>
    public bool TryGetPublicKey([NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        if (!Multihash.TryRead(Bytes, out var code, out var digest) || code != Multihash.Identity ||
            !PublicKey.TryFromProtobuf(digest, out var candidate) || FromPublicKey(candidate) != this)
        {
            return false;
        }

        key = candidate;
        return true;
    }

    /// <summary>Base58btc of the multihash, as <c>12D3KooW…</c>; empty for the default value.</summary>
    public override string ToString() => IsEmpty ? string.Empty : Multibase.EncodeBase58(Bytes);

    /// <summary>The other text form: a CID of version 1 in base32, as <c>bafz…</c>; empty for the default value.</summary>
    public string ToCidString() => IsEmpty ? string.Empty : Multibase.EncodeBase32([CidVersion, Libp2pKeyCodec, .. Bytes]);

    public bool Equals(PeerId other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is PeerId other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public static bool operator ==(PeerId left, PeerId right) => left.Equals(right);

    public static bool operator !=(PeerId left, PeerId right) => !left.Equals(right);
}
