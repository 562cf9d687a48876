using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>Turns the text of a multiaddr into its bytes: <c>/name[/value]</c>, repeated.</summary>
internal static class MultiaddrTextReader
{
    /// <summary>The reason why the text is no multiaddr, or null when it is one.</summary>
    public static string? TryRead(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.IsEmpty || text[0] != '/')
        {
            return "an address begins with '/'";
        }

        using var output = new MemoryStream();
        var rest = text.TrimEnd('/');
        while (!rest.IsEmpty)
        {
            var name = TakeSegment(ref rest);
            if (MultiaddrProtocols.Find(name) is not { } protocol)
            {
                return $"there is no protocol '{name}'";
            }

            var value = protocol.Size == 0 ? [] : protocol.Value.TakesRestOfText ? TakeAll(ref rest) : TakeSegment(ref rest);
            if (!protocol.Value.TryParse(value, out var parsed))
            {
                return $"'/{name}' takes {protocol.Value.Expected}, not '{value}'";
            }

            WriteVarint(output, (ulong)protocol.Code);
            if (protocol.Size == MultiaddrValue.Variable)
            {
                WriteVarint(output, (ulong)parsed.Length);
            }

            output.Write(parsed);
        }

        bytes = output.ToArray();
        return bytes.Length > 0 ? null : "it is empty";
    }

    // Takes "/segment" from the front, without its slash; empty when nothing is left.
    private static ReadOnlySpan<char> TakeSegment(ref ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return [];
        }

        var body = rest[1..];
        var end = body.IndexOf('/');
        var segment = end < 0 ? body : body[..end];
        rest = end < 0 ? [] : body[end..];
        return segment;
    }

    private static ReadOnlySpan<char> TakeAll(ref ReadOnlySpan<char> rest)
    {
        var all = rest;
        rest = [];
        return all;
    }

    private static void WriteVarint(MemoryStream output, ulong value)
    {
        Span<byte> buffer = stackalloc byte[Uvarint.MaxLength];
        output.Write(buffer[..Uvarint.Write(buffer, value)]);
    }
}
