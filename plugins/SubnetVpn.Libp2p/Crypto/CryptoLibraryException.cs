namespace SubnetVpn.Libp2p.Crypto;

/// <summary>OpenSSL's libcrypto is missing, too old, or refused an operation that cannot fail with valid arguments.</summary>
public sealed class CryptoLibraryException : Exception
{
    public CryptoLibraryException(string message)
        : base(message)
    {
    }

    public CryptoLibraryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public CryptoLibraryException()
    {
    }
}
