using System.Text.RegularExpressions;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>The table of instruments in the documentation.</summary>
internal static partial class MetricTable
{
    public static IReadOnlyDictionary<string, MetricRow> Read()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "core/SubnetVpn.Core/Metrics/README.md"));
        return Row().Matches(text).ToDictionary(
            row => row.Groups["name"].Value,
            row => new MetricRow(row.Groups["kind"].Value, row.Groups["unit"].Value, [.. Code().Matches(row.Groups["labels"].Value).Select(label => label.Groups[1].Value)]));
    }

    [GeneratedRegex(@"^\| `(?<name>subnetvpn\.[a-z_.]+)` \| (?<kind>[a-z]+) \| `(?<unit>[^`]+)` \|(?<labels>[^|]*)\| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();
}
