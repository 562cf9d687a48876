using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Hosting.Nodes.Reloading;

/// <summary>Compares sections of two configurations as they are written.</summary>
internal static class SectionDifference
{
    /// <summary>The full paths of the keys right under a section below which anything differs.</summary>
    public static IEnumerable<string> Find(IConfiguration left, IConfiguration right, string section)
    {
        var (before, after) = (left.GetSection(section), right.GetSection(section));
        return before.GetChildren().Concat(after.GetChildren())
            .Select(static child => child.Key)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(key => !AreEqual(before.GetSection(key), after.GetSection(key)))
            .Select(key => ConfigurationPath.Combine(after.Path, key));
    }

    /// <summary>The full paths of those of some keys of a section below which anything differs.</summary>
    public static IEnumerable<string> Find(IConfiguration left, IConfiguration right, string section, IReadOnlyCollection<string> keys) =>
        Find(left, right, section).Where(path => keys.Contains(ConfigurationPath.GetSectionKey(path), StringComparer.OrdinalIgnoreCase));

    // What a section of a list or map has as its own value says nothing.
    private static bool AreEqual(IConfigurationSection left, IConfigurationSection right) => Values(left).SetEquals(Values(right));

    private static HashSet<(string Path, string? Value)> Values(IConfigurationSection section) =>
        [.. section.AsEnumerable().Where(static pair => pair.Value is not null).Select(static pair => (pair.Key.ToUpperInvariant(), pair.Value))];
}
