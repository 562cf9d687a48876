using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SubnetVpn.TestKit.Lab;

/// <summary>What test processes that were killed have left: namespaces named after them, and what runs inside.</summary>
internal static partial class StaleLabs
{
    private static readonly Lazy<Task> _removal = new(RemoveAsync);

    /// <summary>Removes it, once in the life of this process.</summary>
    public static Task RemoveOnceAsync() => _removal.Value;

    private static async Task RemoveAsync()
    {
        var list = (await Exec.RunAsync("ip", "netns", "list")).Output;
        foreach (Match match in OfLab().Matches(list))
        {
            if (Directory.Exists($"/proc/{match.Groups[1].Value}"))
            {
                continue;
            }

            foreach (var id in await NetworkNamespace.ProcessesAsync(match.Value))
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }

            await Exec.RunAsync("ip", "netns", "del", match.Value);
        }
    }

    /// <summary>The name of a namespace, as <see cref="NetworkNamespace.CreateAsync"/> makes them.</summary>
    public static string NameFor(int number, string role) => string.Create(CultureInfo.InvariantCulture, $"sv{Environment.ProcessId}-{number}-{role}");

    [GeneratedRegex("^sv([0-9]+)-[0-9]+-[a-z]+", RegexOptions.Multiline)]
    private static partial Regex OfLab();
}
