using Spectre.Console;
using Spectre.Console.Rendering;

namespace SubnetVpn.Cli.Output;

/// <summary>Names and values in two columns.</summary>
internal sealed class FactSheet
{
    private readonly Grid _grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().PadRight(0));

    public void Add(string name, string value) => Add(name, new Text(value));

    public void Add(string name, IRenderable value) => _grid.AddRow(new Text(name, new Style(Color.Grey)), value);

    /// <summary>Adds a line for each counter that is not 0.</summary>
    public void AddCounters(IReadOnlyDictionary<string, long> counters, string? title = null)
    {
        foreach (var (name, value) in counters)
            if (value != 0)
                Add(title is null ? $"  {name}" : $"{title}: {name}", $"{value}");
    }

    public IRenderable Render() => _grid;
}
