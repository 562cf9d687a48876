namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>The key of a record: <c>/svpn/</c>, 32 bytes that are the public key of the network, 16 that stand for the address.</summary>
internal static class RecordKey
{
    public const string Namespace = "svpn";
    private const int PublicKeyLength = 32;
    private const int Length = 6 + PublicKeyLength + 16;

    public static ReadOnlySpan<byte> Prefix => "/svpn/"u8;

    /// <summary>Whose records stand under a key.</summary>
    public static bool TryGetNetwork(ReadOnlyMemory<byte> key, out ReadOnlyMemory<byte> publicKey)
    {
        var isKey = key.Length == Length && key.Span.StartsWith(Prefix);
        publicKey = isKey ? key.Slice(Prefix.Length, PublicKeyLength) : default;
        return isKey;
    }
}
