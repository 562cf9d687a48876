using System.Buffers.Text;
using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Identity;

/// <content>How a new identity gets into its file.</content>
public static partial class IdentityFile
{
    /// <summary>
    /// Makes a new identity and keeps it in a file. The file appears whole or not at all, and is never readable by
    /// others. Missing folders are made.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Replaces a file that is there, and with it the identity of whoever uses it. Default: false.</param>
    /// <exception cref="IdentityException">There is a file already, or it cannot be written.</exception>
    public static NodeIdentity Create(string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!overwrite && Exists(path))
        {
            throw AlreadyExists(path);
        }

        var identity = NodeIdentity.Generate();
        try
        {
            Write(path, identity.Key, overwrite);
            return identity;
        }
        catch
        {
            identity.Dispose();
            throw;
        }
    }

    private static void Write(string path, Ed25519SigningKey key, bool overwrite)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            WriteNew(temporary, key);
            Publish(temporary, path, overwrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new IdentityException(
                IdentityFault.NotWritable,
                $"The identity file '{path}' cannot be written: {exception.Message} Choose another place, or run as a user who may write there.",
                exception);
        }
    }

    private static void WriteNew(string path, Ed25519SigningKey key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            // The mode is given when the file is made: there is no moment at which others could open it.
            options.UnixCreateMode = OwnerOnly;
        }

        Span<byte> message = stackalloc byte[PrivateKeyEncoding.Length];
        Span<byte> line = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(PrivateKeyEncoding.Length) + 1];
        try
        {
            PrivateKeyEncoding.Write(key, message);
            Base64.EncodeToUtf8(message, line, out _, out var length);
            line[length] = (byte)'\n';
            using var file = new FileStream(path, options);
            file.Write(line[..(length + 1)]);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
            CryptographicOperations.ZeroMemory(line);
        }
    }

    private static void Publish(string temporary, string path, bool overwrite)
    {
        try
        {
            if (!overwrite && HardLink.TryCreate(temporary, path))
            {
                File.Delete(temporary);
                return;
            }

            File.Move(temporary, path, overwrite);
        }
        catch (IOException) when (!overwrite && Exists(path))
        {
            // Made by somebody else since we looked.
            File.Delete(temporary);
            throw AlreadyExists(path);
        }
    }

    private static IdentityException AlreadyExists(string path) => new(
        IdentityFault.AlreadyExists,
        $"There is an identity file '{path}' already. Whoever uses it would lose its peer id, so it is kept. To replace it: subnetvpn keygen --force --out '{path}'");
}
