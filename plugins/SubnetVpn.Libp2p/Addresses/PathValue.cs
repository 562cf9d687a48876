namespace SubnetVpn.Libp2p.Addresses;

/// <summary>A path of the file system, from its first slash to the end of the address.</summary>
internal sealed class PathValue : MultiaddrValue
{
    public static readonly PathValue Instance = new();

    public override int Size => Variable;

    public override bool TakesRestOfText => true;

    public override string Expected => "a path";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!IsPath(text))
        {
            return false;
        }

        bytes = System.Text.Encoding.UTF8.GetBytes(text.ToString());
        return Format(bytes) is { } back && text.SequenceEqual(back);
    }

    public override string? Format(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return null;
        }

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        return IsPath(text) ? text : null;
    }

    // A slash at the end would be lost in the text form, which may end in one anyway.
    private static bool IsPath(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] == '/' && text[^1] != '/' && text.IndexOfAnyInRange('\0', '\u001F') < 0;
}
