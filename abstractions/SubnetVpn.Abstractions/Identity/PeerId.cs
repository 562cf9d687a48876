using System.Diagnostics.CodeAnalysis;

namespace SubnetVpn;

/// <summary>
/// The name of a node: its libp2p peer id in the base58 form, such as <c>12D3KooW…</c>. A validated value type;
/// <c>default</c> is <see cref="IsEmpty"/> and names nobody. Equality is by text. Thread-safe.
/// </summary>
/// <remarks>
/// Only the shape is checked here (base58btc alphabet, the multihash that libp2p allows: identity up to 42 bytes
/// or SHA-256). Whether somebody holds the key is the transport's business.
/// Source: libp2p specifications, <c>peer-ids/peer-ids.md</c>.
/// </remarks>
public readonly struct PeerId : IEquatable<PeerId>
{
    private readonly string? _text;

    private PeerId(string text) => _text = text;

    /// <summary>True for <c>default</c>, which names nobody.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>Reads the base58 form.</summary>
    /// <param name="text">For example <c>12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5</c>.</param>
    /// <exception cref="FormatException">The text is no peer id.</exception>
    public static PeerId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a libp2p peer id: expected base58 text such as 12D3KooW… or Qm….");

    /// <summary>Reads the base58 form; false when the text is no peer id.</summary>
    /// <param name="text">The text; null is no peer id.</param>
    /// <param name="id">The peer id, or <c>default</c>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out PeerId id)
    {
        id = default;
        if (text is null || text.Length is < 8 or > 64)
            return false;
        Span<byte> bytes = stackalloc byte[64];
        if (!Base58.TryDecode(text, bytes, out var length) || !IsPeerMultihash(bytes[..length]))
            return false;
        id = new PeerId(text);
        return true;
    }

    /// <summary>The public key that the id is made of, when it is an Ed25519 key: ids such as <c>12D3KooW…</c>. Other ids hold another key, or only its hash.</summary>
    /// <param name="publicKey">Where its 32 bytes go.</param>
    /// <returns>Whether there is such a key.</returns>
    /// <exception cref="ArgumentException"><paramref name="publicKey"/> is shorter than 32 bytes.</exception>
    public bool TryGetEd25519Key(Span<byte> publicKey)
    {
        // identity multihash of the PublicKey message: 00 24 | 08 01 (Ed25519) | 12 20 (32 bytes) | key
        ReadOnlySpan<byte> prefix = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
        Span<byte> bytes = stackalloc byte[64];
        if (_text is null || !Base58.TryDecode(_text, bytes, out var length) || length != prefix.Length + 32 || !bytes.StartsWith(prefix))
            return false;
        bytes[prefix.Length..length].CopyTo(publicKey);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(PeerId other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>The base58 text; empty for <c>default</c>.</summary>
    public override string ToString() => _text ?? string.Empty;

    /// <summary>Whether two ids name the same peer.</summary>
    public static bool operator ==(PeerId left, PeerId right) => left.Equals(right);

    /// <summary>Whether two ids name different peers.</summary>
    public static bool operator !=(PeerId left, PeerId right) => !left.Equals(right);

    // identity (0x00) with an inlined key of at most 42 bytes, or sha2-256 (0x12) of 32 bytes.
    private static bool IsPeerMultihash(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 2 && bytes[1] == bytes.Length - 2 && (bytes[0] == 0x00 ? bytes[1] is > 0 and <= 42 : bytes[0] == 0x12 && bytes[1] == 32);
}
