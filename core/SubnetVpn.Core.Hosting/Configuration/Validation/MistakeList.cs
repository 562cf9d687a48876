using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Collects the mistakes of one section, so that all of them are told at once.</summary>
internal sealed class MistakeList(string path, ICollection<ConfigurationMistake> mistakes)
{
    // Timers take at most this long.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>The section's path.</summary>
    public string Path => path;

    public void Add(string key, object? value, string rule) =>
        mistakes.Add(new ConfigurationMistake(ConfigurationPath.Combine(path, key), value?.ToString(), rule + "."));

    /// <summary>Adds a mistake unless a condition holds.</summary>
    public void Require(bool condition, string key, object? value, string rule)
    {
        if (!condition)
            Add(key, value, rule);
    }

    public void Range(string key, int value, int least, int most) =>
        Require(value >= least && value <= most, key, value, $"must be {least} to {most}");

    public void Range(string key, double value, double least, double most) =>
        Require(value >= least && value <= most, key, FormattableString.Invariant($"{value}"), FormattableString.Invariant($"must be {least} to {most}"));

    public void Duration(string key, TimeSpan value) =>
        Require(value > TimeSpan.Zero && value <= s_longest, key, value, "must be longer than 0 and at most 24 days");

    /// <summary>Adds a mistake unless one duration is shorter than another.</summary>
    public void Shorter(string key, TimeSpan value, string otherKey, TimeSpan other) =>
        Require(value < other, key, value, $"must be shorter than {otherKey} ({other})");
}
