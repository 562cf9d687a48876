namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>
/// The entries of a map while it is read. Keys are compared as configuration keys are, without regard to case; what a
/// merge key (<c>&lt;&lt;</c>) brings yields to what the map says itself.
/// </summary>
internal sealed class YamlEntries(List<YamlMistake> mistakes)
{
    private readonly List<YamlEntry> _own = [];
    private readonly List<YamlEntry> _merged = [];

    public void Add(YamlEntry entry)
    {
        if (Find(_own, entry.Key) is { } first)
            mistakes.Add(new YamlMistake(entry.Position, $"'{entry.Key}' stands here twice: first in line {first.Position.Line}"));
        else if (entry.Key.Length == 0 || entry.Key.Contains(':', StringComparison.Ordinal))
            mistakes.Add(new YamlMistake(entry.Position, $"'{entry.Key}' cannot be a key: a key is not empty and holds no ':'"));
        else
            _own.Add(entry);
    }

    public void Merge(YamlNode value)
    {
        switch (value)
        {
            case YamlMap map:
                _merged.AddRange(map.Entries.Where(entry => Find(_merged, entry.Key) is null));
                break;
            case YamlList list when list.Items.All(item => item is YamlMap):
                foreach (var item in list.Items)
                    Merge(item);
                break;
            default:
                mistakes.Add(new YamlMistake(value.Position, "'<<' takes a map, or a list of maps"));
                break;
        }
    }

    public IReadOnlyList<YamlEntry> ToList() => [.. _own, .. _merged.Where(entry => Find(_own, entry.Key) is null)];

    private static YamlEntry? Find(List<YamlEntry> entries, string key) =>
        entries.Find(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));
}
