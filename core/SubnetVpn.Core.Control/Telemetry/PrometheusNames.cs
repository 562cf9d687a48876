namespace SubnetVpn.Core.Control.Telemetry;

/// <summary>Names of instruments and labels as Prometheus allows them.</summary>
internal static class PrometheusNames
{
    /// <summary>The name of a metric, which ends in its unit, and the unit; both without <c>_total</c>. The unit is empty when there is none.</summary>
    /// <param name="name">The name of the instrument.</param>
    /// <param name="unit">Its unit in UCUM; what stands in braces is no unit but a remark.</param>
    public static (string Name, string Unit) Of(string name, string unit)
    {
        var clean = Clean(name, colons: true);
        var word = unit switch
        {
            "" => "",
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "1" => "ratio",
            _ when unit[0] == '{' => "",
            _ => Clean(unit, colons: false).Trim('_'),
        };
        return (word.Length == 0 || clean.EndsWith("_" + word, StringComparison.Ordinal) ? clean : $"{clean}_{word}", word);
    }

    /// <summary>The name of a label.</summary>
    public static string Label(string name) => Clean(name, colons: false);

    private static string Clean(string name, bool colons) =>
        string.Create(name.Length + (char.IsAsciiDigit(name[0]) ? 1 : 0), (name, colons), static (result, state) =>
        {
            result[0] = '_';
            var offset = result.Length - state.name.Length;
            for (var i = 0; i < state.name.Length; i++)
                result[offset + i] = char.IsAsciiLetterOrDigit(state.name[i]) || state.name[i] == '_' || (state.colons && state.name[i] == ':') ? state.name[i] : '_';
        });
}
