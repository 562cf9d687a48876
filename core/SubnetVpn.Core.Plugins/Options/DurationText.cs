using System.Globalization;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>Durations as users write them: whole seconds (<c>30</c>), with a unit (<c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>), or <c>00:00:30</c>.</summary>
public static class DurationText
{
    /// <summary>The rule, for messages.</summary>
    public const string Rule = "must be a duration: whole seconds, or such as 500ms, 30s, 5m, 2h, 00:00:30.";

    private static readonly (string Suffix, long Ticks)[] s_units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration; false when the text is none. Durations are never negative.</summary>
    /// <param name="text">The text; null is none.</param>
    /// <param name="duration">The duration, or zero.</param>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text))
            return false;
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;

        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? text.Length : end;
        var suffix = digits == text.Length ? "s" : text[digits..];
        foreach (var (known, ticks) in s_units)
        {
            if (suffix != known)
                continue;
            if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > TimeSpan.MaxValue.Ticks / ticks)
                return false;
            duration = new TimeSpan(count * ticks);
            return true;
        }
        return false;
    }
}
