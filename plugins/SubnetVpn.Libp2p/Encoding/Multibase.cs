using System.Buffers;
using System.Buffers.Text;
using SimpleBase;

namespace SubnetVpn.Libp2p.Encoding;

/// <summary>
/// Bytes as text behind a prefix character that names the base. Those that occur in peer ids and certificate
/// hashes are read: base16, base32, base36, base58btc and base64url.
/// </summary>
internal static class Multibase
{
    // Decoding base36 and base58 takes quadratic time; nothing read here is ever near this long.
    private const int MaxTextLength = 256;

    // The coders index a table by character, so text with others must not reach them.
    private static readonly SearchValues<char> _base32Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567");
    private static readonly SearchValues<char> _base36Characters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<char> _base58Characters =
        SearchValues.Create("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length is < 2 or > MaxTextLength)
        {
            return false;
        }

        var body = text[1..];
        return text[0] switch
        {
            'b' => TryDecode(Base32.FileCoin, _base32Characters, body, out bytes),
            'f' or 'F' => TryDecodeBase16(body, out bytes),
            'k' => TryDecode(Base36.LowerCase, _base36Characters, body, out bytes),
            'z' => TryDecodeBase58(body, out bytes),
            'u' => TryDecodeBase64Url(body, out bytes),
            _ => false,
        };
    }

    public static bool TryDecodeBase58(ReadOnlySpan<char> text, out byte[] bytes) =>
        TryDecode(Base58.Bitcoin, _base58Characters, text, out bytes);

    public static string EncodeBase58(ReadOnlySpan<byte> bytes) => Base58.Bitcoin.Encode(bytes);

    /// <summary>Base32, lower case without padding, with its prefix.</summary>
    public static string EncodeBase32(ReadOnlySpan<byte> bytes) => "b" + Base32.FileCoin.Encode(bytes, padding: false);

    /// <summary>Base64url without padding, with its prefix.</summary>
    public static string EncodeBase64Url(ReadOnlySpan<byte> bytes) => "u" + Base64Url.EncodeToString(bytes);

    private static bool TryDecode(INonAllocatingBaseCoder coder, SearchValues<char> alphabet, ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length is 0 or > MaxTextLength || text.ContainsAnyExcept(alphabet))
        {
            return false;
        }

        // No base here carries more than eight bits a character.
        Span<byte> buffer = stackalloc byte[MaxTextLength];
        if (!coder.TryDecode(text, buffer, out var written))
        {
            return false;
        }

        bytes = buffer[..written].ToArray();
        return true;
    }

    private static bool TryDecodeBase16(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var buffer = new byte[text.Length / 2];
        var valid = text.Length % 2 == 0 &&
            Convert.FromHexString(text, buffer, out _, out _) == OperationStatus.Done;
        bytes = valid ? buffer : [];
        return valid;
    }

    private static bool TryDecodeBase64Url(ReadOnlySpan<char> text, out byte[] bytes)
    {
        Span<byte> buffer = stackalloc byte[MaxTextLength];
        var valid = Base64Url.DecodeFromChars(text, buffer, out _, out var written) == OperationStatus.Done;
        bytes = valid ? buffer[..written].ToArray() : [];
        return valid;
    }
}
