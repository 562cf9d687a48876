namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>The server's key, and whether it signed a reply.</summary>
internal static class ServerSignature
{
    private const int KeyLength = 32;
    private const int SignatureLength = 64;

    /// <summary>Reads a public key; null when the text is none.</summary>
    public static byte[]? ReadKey(string text) => Read(text, KeyLength);

    /// <summary>Reads a signature; null when the text is none.</summary>
    public static byte[]? Read(string? text) => text is null ? null : Read(text, SignatureLength);

    private static byte[]? Read(string text, int length)
    {
        var bytes = new byte[length];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == length ? bytes : null;
    }
}
