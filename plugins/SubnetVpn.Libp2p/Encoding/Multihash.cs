namespace SubnetVpn.Libp2p.Encoding;

/// <summary>A multihash: <c>varint code | varint length | digest</c>.</summary>
internal static class Multihash
{
    public const ulong Identity = 0x00;
    public const ulong Sha256 = 0x12;
    public const int Sha256DigestLength = 32;

    /// <summary>Parses a whole multihash: true only if nothing is missing and nothing is left over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong code, out ReadOnlySpan<byte> digest)
    {
        digest = default;
        if (!Uvarint.TryRead(source, out code, out var codeLength) ||
            !Uvarint.TryRead(source[codeLength..], out var digestLength, out var prefixLength))
        {
            return false;
        }

        var rest = source[(codeLength + prefixLength)..];
        if ((ulong)rest.Length != digestLength)
        {
            return false;
        }

        digest = rest;
        return true;
    }

    public static byte[] Create(ulong code, ReadOnlySpan<byte> digest)
    {
        var codeLength = Uvarint.Length(code);
        var result = new byte[codeLength + Uvarint.Length((ulong)digest.Length) + digest.Length];
        Uvarint.Write(result, code);
        Uvarint.Write(result.AsSpan(codeLength), (ulong)digest.Length);
        digest.CopyTo(result.AsSpan(result.Length - digest.Length));
        return result;
    }
}
