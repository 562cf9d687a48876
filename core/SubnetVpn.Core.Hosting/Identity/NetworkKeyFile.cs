using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// The key of a private network in a file: one line, the base64 of its 32 bytes. Only its owner may read it (mode 0600), where the
/// system knows such modes. All members of the network hold the same.
/// </summary>
public static class NetworkKeyFile
{
    private static readonly SecretFile s_file = new(
        "network key file",
        path => $"There is no network key file '{path}'. Make one with: subnetvpn keygen --network --out '{path}', " +
            "or take the network's from another member: subnetvpn invite there, subnetvpn join here.",
        path => $"There is a network key file '{path}' already. With another key this node would no longer reach the other members, so it is kept. " +
            $"To replace it: subnetvpn keygen --network --force --out '{path}'");

    /// <summary>Reads a key.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IdentityException">The file is missing, unreadable, open to others, or holds no key.</exception>
    public static NetworkKey Load(string path)
    {
        Span<byte> secret = stackalloc byte[NetworkKey.SecretLength];
        try
        {
            Read(path, secret);
            return NetworkKey.FromSecret(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Reads the secret of a key, to be handed to another member. The caller wipes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="secret">Where it goes: <see cref="NetworkKey.SecretLength"/> bytes.</param>
    /// <exception cref="IdentityException">As for <see cref="Load"/>.</exception>
    public static void Read(string path, Span<byte> secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, NetworkKey.SecretLength, nameof(secret));
        var content = ArrayPool<byte>.Shared.Rent(SecretFile.MaxLength);
        Span<byte> decoded = stackalloc byte[NetworkKey.SecretLength + 3];
        try
        {
            // The decoder passes over white space, so a line feed at the end is as good as none.
            var status = Base64.DecodeFromUtf8(content.AsSpan(0, s_file.Read(path, content)), decoded, out _, out var length);
            if (status != OperationStatus.Done || length != NetworkKey.SecretLength)
            {
                throw new IdentityException(
                    IdentityFault.Malformed,
                    $"The network key file '{path}' holds no network key: expected one line, the base64 of {NetworkKey.SecretLength} bytes. " +
                    "Take it from another member again, or make a new one for all: subnetvpn keygen --network --force --out '" + path + "'");
            }

            decoded[..length].CopyTo(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(decoded);
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    /// <summary>Makes a new key and keeps it in a file. Missing folders are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Replaces a file that is there. Default: false.</param>
    /// <exception cref="IdentityException">There is a file already, or it cannot be written.</exception>
    public static NetworkKey Create(string path, bool overwrite = false)
    {
        Span<byte> secret = stackalloc byte[NetworkKey.SecretLength];
        try
        {
            RandomNumberGenerator.Fill(secret);
            Create(path, secret, overwrite);
            return NetworkKey.FromSecret(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Keeps a key that another member has given in a file. Missing folders are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="secret"><see cref="NetworkKey.SecretLength"/> bytes.</param>
    /// <param name="overwrite">Replaces a file that is there. Default: false.</param>
    /// <exception cref="IdentityException">There is a file already, or it cannot be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> secret, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, NetworkKey.SecretLength, nameof(secret));
        s_file.Write(path, secret, overwrite);
    }
}
