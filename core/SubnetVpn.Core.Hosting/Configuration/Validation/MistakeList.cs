using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Collects the mistakes of one section, so that all of them are told at once.</summary>
internal sealed class MistakeList(string path, ICollection<ConfigurationMistake> mistakes)
{
    // Timers count in milliseconds, and take at most this long.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>The section's path.</summary>
    public string Path => path;

    public void Add(string key, object? value, string rule) =>
        mistakes.Add(new ConfigurationMistake(ConfigurationPath.Combine(path, key), value?.ToString(), rule + "."));

    /// <summary>Adds a mistake unless a condition holds; returns whether it does, so that rules across keys can leave out what is wrong already.</summary>
    public bool Require(bool condition, string key, object? value, string rule)
    {
        if (!condition)
            Add(key, value, rule);
        return condition;
    }

    public bool Range(string key, int value, int least, int most) =>
        Require(value >= least && value <= most, key, value, $"must be {least} to {most}");

    public bool Range(string key, double value, double least, double most) =>
        Require(value >= least && value <= most, key, FormattableString.Invariant($"{value}"), FormattableString.Invariant($"must be {least} to {most}"));

    public bool Duration(string key, TimeSpan value) =>
        Require(value >= s_shortest && value <= s_longest, key, value, "must be longer than 0 and at most 24 days");

    /// <summary>Checks two durations, and that the first is shorter than the second.</summary>
    public void Durations(string key, TimeSpan value, string otherKey, TimeSpan other)
    {
        if (Duration(key, value) & Duration(otherKey, other))
            Require(value < other, key, value, $"must be shorter than {otherKey} ({other})");
    }

    /// <summary>Checks a least and a most number, and that the first is not above the second.</summary>
    public void Numbers(string leastKey, int least, string mostKey, int most, int limit)
    {
        if (Range(leastKey, least, 1, limit) & Range(mostKey, most, 1, limit))
            Require(least <= most, leastKey, least, $"must not be above {mostKey} ({most})");
    }
}
