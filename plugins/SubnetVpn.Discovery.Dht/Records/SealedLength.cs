namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>Lengths of ChaCha20-Poly1305 (RFC 8439).</summary>
internal static class SealedLength
{
    public const int Nonce = 12;
    public const int Tag = 16;
}
