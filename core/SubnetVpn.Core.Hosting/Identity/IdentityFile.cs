using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// An identity in a file: one line, the base64 of libp2p's PrivateKey message, as other libp2p programs keep it. Only
/// its owner may read it (mode 0600), where the system knows such modes.
/// </summary>
public static partial class IdentityFile
{
    private static readonly SecretFile s_file = new(
        "identity file",
        path => $"There is no identity file '{path}'. Make one with: subnetvpn keygen --out '{path}'",
        path => $"There is an identity file '{path}' already. Whoever uses it would lose its peer id, so it is kept. To replace it: subnetvpn keygen --force --out '{path}'");

    /// <summary>Reads an identity.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IdentityException">The file is missing, unreadable, open to others, or holds no Ed25519 key.</exception>
    public static NodeIdentity Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = ArrayPool<byte>.Shared.Rent(SecretFile.MaxLength);
        try
        {
            return Parse(path, content.AsSpan(0, s_file.Read(path, content)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    /// <summary>Reads an identity, after making one when there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IdentityException">As for <see cref="Load"/> and <see cref="Create"/>.</exception>
    public static NodeIdentity LoadOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!SecretFile.Exists(path))
        {
            try
            {
                return Create(path);
            }
            catch (IdentityException exception) when (exception.Fault == IdentityFault.AlreadyExists)
            {
                // Somebody else made it meanwhile: theirs counts.
            }
        }

        return Load(path);
    }

    private static NodeIdentity Parse(string path, ReadOnlySpan<byte> content)
    {
        Span<byte> decoded = stackalloc byte[PrivateKeyEncoding.MaxLength + 3];
        try
        {
            // The decoder passes over white space, so a line feed at the end is as good as none.
            var status = Base64.DecodeFromUtf8(content, decoded, out _, out var length);
            Ed25519SigningKey? key = null;
            var fault = status switch
            {
                OperationStatus.Done => PrivateKeyEncoding.TryRead(decoded[..length], out key),

                // Longer than any Ed25519 key: how it begins tells whether it is another kind of key.
                OperationStatus.DestinationTooSmall when PrivateKeyEncoding.TryRead(decoded[..length], out key) is { } other => other,
                _ => IdentityFault.Malformed,
            };
            return fault is null ? new NodeIdentity(key!) : throw Unusable(path, fault.Value);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    private static IdentityException Unusable(string path, IdentityFault fault) => new(fault, fault == IdentityFault.UnsupportedKeyType
        ? $"The identity file '{path}' holds a key of another kind than Ed25519. Make one with: subnetvpn keygen --out FILE"
        : $"The identity file '{path}' holds no private key: expected one line, the base64 of a libp2p private key (Ed25519). " +
            "Restore it from a backup, or make a new one (with another peer id): subnetvpn keygen --force --out '" + path + "'");
}
