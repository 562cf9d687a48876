namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// A kind of file that holds a secret: one line of base64, which only its owner may read (mode 0600), where the system knows
/// such modes. The file appears whole or not at all, and is never readable by others.
/// </summary>
/// <param name="name">What faults call it, such as <c>identity file</c>.</param>
/// <param name="missing">The sentence for a path where none is: what is wrong, and how to mend it.</param>
/// <param name="existing">The sentence for a path where one is that must not be replaced.</param>
internal sealed partial class SecretFile(string name, Func<string, string> missing, Func<string, string> existing)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>A key of 100 bytes in base64 is 136 characters; a file beyond this is something else.</summary>
    public const int MaxLength = 4096;

    /// <summary>Whether there is something at the path, as seen by this user: also a broken link, or a file that cannot be opened, is one that must not be overwritten.</summary>
    public static bool Exists(string path) => new FileInfo(path) is { Exists: true } or { LinkTarget: not null } || Directory.Exists(path);
}
