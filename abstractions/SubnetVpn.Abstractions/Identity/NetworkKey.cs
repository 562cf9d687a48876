using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn;

/// <summary>
/// What the members of a network have in common: a secret that makes the network private, or, for an open network, what follows
/// from its name. Strategies derive keys of their own from it; the secret itself stays inside. Immutable, thread-safe.
/// </summary>
public sealed class NetworkKey : IEquatable<NetworkKey>
{
    /// <summary>The length of a secret, in bytes.</summary>
    public const int SecretLength = 32;

    private readonly byte[] _material;

    private NetworkKey(byte[] material, bool isSecret) => (_material, IsSecret) = (material, isSecret);

    /// <summary>Whether only members know it: the network is private. False for an open network, whose key anyone can derive.</summary>
    public bool IsSecret { get; }

    /// <summary>The key of a private network.</summary>
    /// <param name="secret"><see cref="SecretLength"/> random bytes; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The secret has another length.</exception>
    public static NetworkKey FromSecret(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretLength, nameof(secret));
        return new NetworkKey(secret.ToArray(), isSecret: true);
    }

    /// <summary>The key of an open network: follows from its name, so everybody has it.</summary>
    /// <param name="network">The network's name.</param>
    public static NetworkKey Open(string network)
    {
        ArgumentException.ThrowIfNullOrEmpty(network);
        return new NetworkKey(SHA256.HashData(Encoding.UTF8.GetBytes($"subnetvpn open network 1:{network}")), isSecret: false);
    }

    /// <summary>Derives a key for one purpose (HKDF-SHA256, RFC 5869): it tells nothing of the secret, nor of the keys for other purposes.</summary>
    /// <param name="purpose">What the key is for, such as <c>subnetvpn membership 1</c>. All members write the same.</param>
    /// <param name="destination">Where the key goes: at most 8160 bytes; 32 are usual. Wipe it when it is no longer needed.</param>
    public void Derive(string purpose, Span<byte> destination)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _material, destination, salt: default, Encoding.UTF8.GetBytes(purpose));
    }

    /// <inheritdoc/>
    public bool Equals(NetworkKey? other) => other is not null && IsSecret == other.IsSecret && CryptographicOperations.FixedTimeEquals(_material, other._material);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkKey);

    /// <inheritdoc/>
    public override int GetHashCode() => IsSecret.GetHashCode();

    /// <summary>The kind of key; never the secret.</summary>
    public override string ToString() => IsSecret ? "secret" : "open";
}
