using System.Text;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>A name in UTF-8: a host name, a zone. No slash, which parts the text form, and nothing that would break a log line.</summary>
internal sealed class NameValue : MultiaddrValue
{
    public static readonly NameValue Instance = new();

    // The longest host name is 253 characters, by RFC 1035 section 2.3.4.
    private const int MaxLength = 255;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override int Size => Variable;

    public override string Expected => "a name";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!IsName(text) || !IsWellFormed(text))
        {
            return false;
        }

        bytes = _utf8.GetBytes(text.ToString());
        return bytes.Length <= MaxLength;
    }

    public override string? Format(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength || !System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return null;
        }

        var text = _utf8.GetString(bytes);
        return IsName(text) ? text : null;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character == '/' || char.IsControl(character) || char.IsWhiteSpace(character))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    // Lone surrogates have no UTF-8.
    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
