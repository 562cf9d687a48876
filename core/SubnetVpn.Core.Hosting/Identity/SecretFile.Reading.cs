namespace SubnetVpn.Core.Hosting.Identity;

/// <content>How the bytes of the file are read, and what keeps them from being read.</content>
internal sealed partial class SecretFile
{
    /// <summary>Reads the file as it is, as far as the destination is long; returns how much that was. The caller wipes it.</summary>
    /// <exception cref="IdentityException">The file is missing, unreadable or open to others.</exception>
    public int Read(string path, Span<byte> destination)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new IdentityException(IdentityFault.Unreadable, $"The {name} '{path}' is a directory. Name a file in it instead.");
            }

            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            CheckPermissions(path, file);
            var total = 0;
            while (total < destination.Length && RandomAccess.Read(file, destination[total..], total) is > 0 and var read)
            {
                total += read;
            }

            return total;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IdentityException(IdentityFault.NotFound, missing(path), exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IdentityException(
                IdentityFault.Unreadable,
                $"The {name} '{path}' cannot be read by the user '{Environment.UserName}'. Mend: chown {Environment.UserName} '{path}', or run as its owner.",
                exception);
        }
        catch (IOException exception)
        {
            throw new IdentityException(IdentityFault.Unreadable, $"The {name} '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    // Of the open file, so that it cannot be exchanged in between.
    private void CheckPermissions(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(file);
        if ((mode & Others) != 0)
        {
            throw new IdentityException(
                IdentityFault.OpenPermissions,
                $"The {name} '{path}' is open to others than its owner (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}). Mend: chmod 600 '{path}'");
        }
    }
}
