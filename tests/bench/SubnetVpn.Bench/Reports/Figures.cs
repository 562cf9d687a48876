using System.Globalization;

namespace SubnetVpn.Bench.Reports;

/// <summary>What was measured: for each contender and measure the figures of all rounds.</summary>
internal sealed class Figures
{
    private readonly Dictionary<(string Contender, string Measure), List<double>> _values = [];
    private readonly List<string> _contenders = [];
    private readonly Dictionary<string, int> _lowerBounds = [];

    /// <summary>Figures that were limited by what measured them, and how many of their rounds.</summary>
    public IReadOnlyDictionary<string, int> LowerBounds => _lowerBounds;

    public void Add(string contender, string measure, double value)
    {
        if (!_contenders.Contains(contender))
            _contenders.Add(contender);
        if (!_values.TryGetValue((contender, measure), out var values))
            _values[(contender, measure)] = values = [];
        values.Add(value);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {contender}: {measure} {value:0.###}"));
    }

    /// <summary>Says of a figure that it was limited by what measured it.</summary>
    public void AddLowerBound(string contender, string measure)
    {
        var name = $"{contender}, {measure}";
        _lowerBounds[name] = _lowerBounds.GetValueOrDefault(name) + 1;
    }

    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The median; null when it was not measured.</summary>
    public double? Find(string contender, string measure) => _values.TryGetValue((contender, measure), out var values) ? Median(values) : null;

    /// <summary>The median of one contender as a multiple of another's.</summary>
    public double? Ratio(string contender, string other, string measure) => Find(contender, measure) / Find(other, measure);

    /// <summary>The least median of all but some contenders; null when there is none.</summary>
    public double? FindLeast(IReadOnlyList<string> without, string measure) => _contenders.Except(without).Min(contender => Find(contender, measure));

    /// <summary>A Markdown table: a line for each contender that has one of the measures, medians with the least and the greatest in brackets.</summary>
    public IEnumerable<string> ToTable(IReadOnlyList<string> measures)
    {
        var shown = measures.Where(measure => _values.Keys.Any(key => key.Measure == measure)).ToList();
        if (shown.Count == 0)
            yield break;
        yield return $"| | {string.Join(" | ", shown)} |";
        yield return $"|---|{string.Concat(shown.Select(static _ => "---|"))}";
        foreach (var contender in _contenders.Where(contender => shown.Any(measure => Find(contender, measure) is not null)))
            yield return $"| {contender} | {string.Join(" | ", shown.Select(measure => Cell(contender, measure)))} |";
    }

    public static string Short(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.0", >= 0.1 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);

    private string Cell(string contender, string measure) =>
        _values.TryGetValue((contender, measure), out var values) ? $"{Short(Median(values))} ({Short(values.Min())}–{Short(values.Max())})" : "";
}
