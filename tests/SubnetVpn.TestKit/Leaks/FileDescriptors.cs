using SubnetVpn.TestKit.Time;

namespace SubnetVpn.TestKit.Leaks;

/// <summary>Counts the open file descriptors of this process, by what they lead to. Linux only.</summary>
public static class FileDescriptors
{
    private const string Folder = "/proc/self/fd";

    /// <summary>Whether they can be counted here.</summary>
    public static bool CanCount => Directory.Exists(Folder);

    /// <summary>Counts those whose target contains a text, such as <c>socket:</c> or <c>/dev/net/tun</c>.</summary>
    /// <param name="target">The text; empty counts all.</param>
    public static int Count(string target = "") => Directory.EnumerateFileSystemEntries(Folder).Count(link => Target(link)?.Contains(target, StringComparison.Ordinal) == true);

    /// <summary>Waits until no more are open than before; fails when that never happens. For tests that run alone.</summary>
    /// <param name="before">The count of before.</param>
    /// <param name="target">What was counted.</param>
    public static Task AssertNoMoreThanAsync(int before, string target = "") =>
        Eventually.TrueAsync(() => Count(target) <= before, $"at most {before} file descriptors to '{target}', of which there are {Count(target)} now");

    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.ToString();
        }
        catch (IOException)
        {
            // It was closed meanwhile; the one for the listing itself always is.
            return null;
        }
    }
}
