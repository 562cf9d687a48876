using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>The hash of a certificate: a multihash, and multibase in text (any known base is read, base64url is written).</summary>
internal sealed class CertificateHashValue : MultiaddrValue
{
    public static readonly CertificateHashValue Instance = new();

    // More than any known hash; keeps what is written readable by us.
    private const int MaxLength = 96;

    public override int Size => Variable;

    public override string Expected => "a multihash in multibase";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes) => Multibase.TryDecode(text, out bytes) && IsHash(bytes);

    public override string? Format(ReadOnlySpan<byte> bytes) => IsHash(bytes) ? Multibase.EncodeBase64Url(bytes) : null;

    private static bool IsHash(ReadOnlySpan<byte> bytes) => bytes.Length <= MaxLength && Multihash.TryRead(bytes, out _, out _);
}
