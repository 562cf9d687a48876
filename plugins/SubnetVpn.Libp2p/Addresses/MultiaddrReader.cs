using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>Walks the bytes of a multiaddr: <c>varint code | [varint length] | value</c>, repeated.</summary>
internal static class MultiaddrReader
{
    /// <summary>False when the bytes are malformed or hold a protocol that the table lacks.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, List<MultiaddrComponent> components)
    {
        var offset = 0;
        while (offset < bytes.Length)
        {
            var rest = bytes.Span[offset..];
            if (!Uvarint.TryRead(rest, out var code, out var header) || MultiaddrProtocols.Find(code) is not { } protocol)
            {
                return false;
            }

            var size = (ulong)protocol.Size;
            if (protocol.Size == MultiaddrValue.Variable)
            {
                if (!Uvarint.TryRead(rest[header..], out size, out var prefix))
                {
                    return false;
                }

                header += prefix;
            }

            if (size > (ulong)(rest.Length - header))
            {
                return false;
            }

            var value = bytes.Slice(offset + header, (int)size);
            if (protocol.Value.Format(value.Span) is null)
            {
                return false;
            }

            components.Add(new MultiaddrComponent(offset, protocol, value));

            // A path has no end in the text form, so nothing can follow it.
            if (protocol.Value.TakesRestOfText && offset + header + (int)size != bytes.Length)
            {
                return false;
            }

            offset += header + (int)size;
        }

        return components.Count > 0;
    }
}
