using System.Buffers.Text;
using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Identity;

/// <content>How a new secret gets into its file.</content>
internal sealed partial class SecretFile
{
    /// <summary>Writes a secret as one line of base64. Missing folders are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <exception cref="IdentityException">There is a file already, or it cannot be written.</exception>
    public void Write(string path, ReadOnlySpan<byte> secret, bool overwrite)
    {
        ThrowIfTaken(path, overwrite);
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            WriteNew(temporary, secret);
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
                $"The {name} '{path}' cannot be written: {exception.Message} Choose another place, or run as a user who may write there.",
                exception);
        }
    }

    /// <summary>Throws when there is a file that must stay: before a secret is made for nothing.</summary>
    /// <exception cref="IdentityException"><see cref="IdentityFault.AlreadyExists"/>.</exception>
    public void ThrowIfTaken(string path, bool overwrite)
    {
        if (!overwrite && Exists(path))
        {
            throw AlreadyExists(path);
        }
    }

    private static void WriteNew(string path, ReadOnlySpan<byte> secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            // The mode is given when the file is made: there is no moment at which others could open it.
            options.UnixCreateMode = OwnerOnly;
        }

        Span<byte> line = stackalloc byte[MaxLength];
        try
        {
            Base64.EncodeToUtf8(secret, line[..^1], out _, out var length);
            line[length] = (byte)'\n';
            using var file = new FileStream(path, options);
            file.Write(line[..(length + 1)]);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    private void Publish(string temporary, string path, bool overwrite)
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

    private IdentityException AlreadyExists(string path) => new(IdentityFault.AlreadyExists, existing(path));
}
