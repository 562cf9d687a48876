using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace SubnetVpn.Core.Frames;

/// <summary>Writes and reads the body of a goodbye frame: <c>| u8 reason | UTF-8 text |</c>.</summary>
internal static class GoodbyeCodec
{
    public static byte[] Encode(Goodbye goodbye)
    {
        var body = new byte[FrameLimits.Goodbye];
        body[0] = (byte)goodbye.Reason;
        // A text that is too long is cut between two characters.
        Utf8.FromUtf16(goodbye.Text, body.AsSpan(1), out _, out var written);
        return body[..(1 + written)];
    }

    /// <summary>Reads a body; false when it is empty, too long, or its text is no UTF-8. Control characters become spaces.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Goodbye? goodbye)
    {
        goodbye = null;
        if (body.Length is < 1 or > FrameLimits.Goodbye || !Utf8.IsValid(body[1..]))
            return false;
        // Shown on terminals, where control and formatting characters could rewrite what stands around it.
        var text = Encoding.UTF8.GetString(body[1..]);
        goodbye = new Goodbye((GoodbyeReason)body[0], string.Create(text.Length, text, static (characters, text) =>
        {
            for (var index = 0; index < characters.Length; index++)
                characters[index] = IsShowable(text[index]) ? text[index] : ' ';
        }));
        return true;
    }

    private static bool IsShowable(char character) => char.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
