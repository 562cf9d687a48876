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
        s_file.ThrowIfTaken(path, overwrite);
        var identity = NodeIdentity.Generate();
        Span<byte> message = stackalloc byte[PrivateKeyEncoding.Length];
        try
        {
            PrivateKeyEncoding.Write(identity.Key, message);
            s_file.Write(path, message, overwrite);
            return identity;
        }
        catch
        {
            identity.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }
}
