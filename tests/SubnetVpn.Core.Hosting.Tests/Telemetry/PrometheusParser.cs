using System.Globalization;
using System.Text.RegularExpressions;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>
/// Reads a Prometheus or OpenMetrics text and fails at the first thing that either specification forbids: names, order of the lines,
/// escapes, samples that occur twice or belong elsewhere, buckets that do not add up.
/// </summary>
internal sealed partial class PrometheusParser(bool openMetrics)
{
    private static readonly Dictionary<string, string[]> s_suffixes = new()
    {
        ["counter"] = ["_total"],
        ["gauge"] = [""],
        ["histogram"] = ["_bucket", "_sum", "_count"],
    };

    public static IReadOnlyDictionary<string, PrometheusFamily> Parse(string text, bool openMetrics) => new PrometheusParser(openMetrics).Read(text);

    private Dictionary<string, PrometheusFamily> Read(string text)
    {
        Assert.DoesNotContain('\r', text);
        Assert.True(text.Length == 0 || text[^1] == '\n', "The last line does not end.");
        var lines = text.Split('\n')[..^1].ToList();
        if (openMetrics)
        {
            Assert.Equal("# EOF", lines[^1]);
            lines.RemoveAt(lines.Count - 1);
        }
        var families = new Dictionary<string, PrometheusFamily>();
        PrometheusFamily? family = null;
        foreach (var line in lines)
        {
            Assert.NotEqual("", line);
            if (line.StartsWith('#'))
                family = ReadComment(line, family, families);
            else
                ReadSample(line, family);
        }
        Assert.All(families.Values, Check);
        return families;
    }

    private static PrometheusFamily ReadComment(string line, PrometheusFamily? family, Dictionary<string, PrometheusFamily> families)
    {
        var match = Comment().Match(line);
        Assert.True(match.Success, line);
        var (name, rest) = (match.Groups["name"].Value, match.Groups["rest"].Value);
        switch (match.Groups["kind"].Value)
        {
            case "TYPE":
                Assert.Contains(rest, s_suffixes.Keys);
                family = new PrometheusFamily(name, rest, null, "", []);
                Assert.True(families.TryAdd(name, family), $"{name} occurs twice.");
                return family;
            case "UNIT":
                Assert.True(family is { Unit: null, Help: "", Lines.Count: 0 } && family.Name == name, line);
                return families[name] = family with { Unit = rest };
            default:
                Assert.True(family is { Help: "", Lines.Count: 0 } && family.Name == name, line);
                Assert.NotEqual("", rest);
                return families[name] = family with { Help = rest };
        }
    }

    private void ReadSample(string line, PrometheusFamily? family)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, line);
        Assert.NotNull(family);
        var stem = Stem(family);
        Assert.Contains(match.Groups["name"].Value, s_suffixes[family.Type].Select(suffix => stem + suffix));
        var labels = new Dictionary<string, string>();
        foreach (Match label in Label().Matches(match.Groups["labels"].Value))
            Assert.True(labels.TryAdd(label.Groups["key"].Value, Unescape(label.Groups["value"].Value)), line);
        Assert.Equal(family.Type == "histogram" && match.Groups["name"].Value.EndsWith("_bucket", StringComparison.Ordinal), labels.ContainsKey("le"));
        family.Lines.Add(new PrometheusLine(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value)));
    }

    private void Check(PrometheusFamily family)
    {
        Assert.NotEqual("", family.Help);
        Assert.NotEmpty(family.Lines);
        if (family.Unit is { } unit)
            Assert.EndsWith("_" + unit, Stem(family), StringComparison.Ordinal);
        Assert.Equal(family.Lines.Count, family.Lines.Select(Identity).Distinct().Count());
        if (family.Type == "counter")
            Assert.All(family.Lines, line => Assert.True(line.Value >= 0));
        if (family.Type == "histogram")
            foreach (var histogram in family.Lines.GroupBy(line => Identity(line with { Name = "", Labels = line.Labels.Where(label => label.Key != "le").ToDictionary() })))
                CheckHistogram(Stem(family), [.. histogram]);
    }

    private static void CheckHistogram(string stem, List<PrometheusLine> lines)
    {
        var buckets = lines.Where(line => line.Name == stem + "_bucket").Select(line => (Bound: Number(line.Labels["le"]), line.Value)).ToList();
        Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
        for (var i = 1; i < buckets.Count; i++)
            Assert.True(buckets[i].Bound > buckets[i - 1].Bound && buckets[i].Value >= buckets[i - 1].Value);
        Assert.Equal(buckets[^1].Value, Assert.Single(lines, line => line.Name == stem + "_count").Value);
        Assert.Single(lines, line => line.Name == stem + "_sum");
    }

    // In OpenMetrics a family goes by its name without _total, in the older format with it.
    private string Stem(PrometheusFamily family)
    {
        if (family.Type != "counter")
            return family.Name;
        Assert.Equal(!openMetrics, family.Name.EndsWith("_total", StringComparison.Ordinal));
        return openMetrics ? family.Name : family.Name[..^"_total".Length];
    }

    private static string Identity(PrometheusLine line) =>
        line.Name + string.Concat(line.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"\n{label.Key}={label.Value}"));

    private static string Unescape(string value) => Escape().Replace(value, match => match.Value == "\\n" ? "\n" : match.Value[1..]);

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# (?<kind>TYPE|UNIT|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>(?:[^\\\n]|\\\\|\\n|\\"")+)$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\\\|\\n|\\"")*""(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\\\|\\n|\\"")*"")*)\})? (?<value>\S+)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<key>[a-zA-Z_][a-zA-Z0-9_]*)=""(?<value>(?:[^""\\]|\\.)*)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
