using System.Buffers;

namespace SubnetVpn.Transport.Memory;

/// <summary>Reads <c>/memory/NAME</c>, with or without <c>/p2p/ID</c> behind it.</summary>
internal static class MemoryAddress
{
    private const string Prefix = "/memory/";
    private const int MaxNameLength = 64;
    private static readonly SearchValues<char> s_allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Reads an address; false when it is not one of this transport.</summary>
    /// <param name="text">The multiaddress.</param>
    /// <param name="name">Its name.</param>
    /// <param name="peer">The text behind <c>/p2p/</c>, or null.</param>
    public static bool TryParse(string text, out string name, out string? peer)
    {
        (name, peer) = ("", null);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var parts = text[Prefix.Length..].Split('/');
        if (parts.Length is not (1 or 3) || (parts.Length == 3 && parts[1] != "p2p"))
            return false;
        if (parts[0].Length is 0 or > MaxNameLength || parts[0].AsSpan().ContainsAnyExcept(s_allowed))
            return false;
        name = parts[0];
        peer = parts.Length == 3 ? parts[2] : null;
        return true;
    }

    public static string Format(string name) => Prefix + name;
}
