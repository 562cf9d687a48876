namespace SubnetVpn.Core.Hosting.Identity;

/// <content>How the bytes of the file are read, and what keeps them from being read.</content>
public static partial class IdentityFile
{
    private static int ReadContent(string path, Span<byte> destination)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new IdentityException(IdentityFault.Unreadable, $"The identity file '{path}' is a directory. Name a file in it instead.");
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
            throw new IdentityException(
                IdentityFault.NotFound, $"There is no identity file '{path}'. Make one with: subnetvpn keygen --out '{path}'", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IdentityException(
                IdentityFault.Unreadable,
                $"The identity file '{path}' cannot be read by the user '{Environment.UserName}'. Mend: chown {Environment.UserName} '{path}', or run as its owner.",
                exception);
        }
        catch (IOException exception)
        {
            throw new IdentityException(IdentityFault.Unreadable, $"The identity file '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    // Of the open file, so that it cannot be exchanged in between.
    private static void CheckPermissions(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file)
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
                $"The identity file '{path}' is open to others than its owner (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}). Mend: chmod 600 '{path}'");
        }
    }

    // As seen by this user: also a broken link, or a file that cannot be opened, is one that must not be overwritten.
    private static bool Exists(string path) => new FileInfo(path) is { Exists: true } or { LinkTarget: not null } || Directory.Exists(path);
}
