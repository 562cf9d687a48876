using System.Globalization;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Numbers as people read them.</summary>
public static class HumanText
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>For example <c>17 B</c> or <c>1.4 GiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < s_units.Length - 1)
            (value, unit) = (value / 1024, unit + 1);
        return unit == 0 ? FormattableString.Invariant($"{bytes} B") : FormattableString.Invariant($"{value:0.0} {s_units[unit]}");
    }

    /// <summary>For example <c>0.4 ms</c>, <c>4 s</c>, <c>3 min</c>, <c>2 h 5 min</c> or <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.##} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
        { TotalHours: < 1 } => $"{time.Minutes} min",
        { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes} min",
        _ => $"{time.Days} d {time.Hours} h",
    };

    /// <summary>For example <c>1 stream</c> or <c>3 streams</c>.</summary>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? string.Empty : "s")}");
}
