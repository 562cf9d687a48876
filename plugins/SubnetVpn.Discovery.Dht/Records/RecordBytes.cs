namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>What the signatures and the seal of a record cover: each begins with its purpose and the record's key, so that it serves nothing else.</summary>
internal static class RecordBytes
{
    /// <summary>What the network signs.</summary>
    public static byte[] ForNetwork(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content) => [.. "subnetvpn dht record 1\n"u8, .. key, .. content];

    /// <summary>What the peer signs.</summary>
    public static byte[] ForPeer(ReadOnlySpan<byte> key, RecordHeader header, ReadOnlySpan<byte> mapping) =>
        [.. "subnetvpn dht mapping 1\n"u8, .. Associated(key, header), .. mapping];

    /// <summary>What the seal authenticates beside what it hides.</summary>
    public static byte[] Associated(ReadOnlySpan<byte> key, RecordHeader header)
    {
        var bytes = new byte[key.Length + RecordHeader.Length];
        key.CopyTo(bytes);
        header.WriteBytes(bytes.AsSpan(key.Length));
        return bytes;
    }
}
