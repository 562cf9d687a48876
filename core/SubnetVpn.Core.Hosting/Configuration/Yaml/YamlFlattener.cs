using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>Turns nodes to configuration keys: <c>vpn:routes:0</c>.</summary>
internal static class YamlFlattener
{
    /// <summary>Writes the values and the places of all keys.</summary>
    /// <param name="root">The document.</param>
    /// <param name="data">
    /// Gets one entry a scalar. An empty list is an empty text, nothing and an empty map are null, as with JSON files.
    /// </param>
    /// <param name="positions">Gets the place of every key, those of maps and lists too.</param>
    public static void Flatten(YamlMap root, IDictionary<string, string?> data, IDictionary<string, YamlPosition> positions)
    {
        foreach (var entry in root.Entries)
            Visit(entry.Key, entry.Position, entry.Value, data, positions);
    }

    private static void Visit(
        string path, YamlPosition position, YamlNode node, IDictionary<string, string?> data, IDictionary<string, YamlPosition> positions)
    {
        positions[path] = position;
        switch (node)
        {
            case YamlScalar scalar:
                data[path] = scalar.Value;
                break;
            case YamlList { Items.Count: 0 }:
                data[path] = string.Empty;
                break;
            case YamlList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    var index = i.ToString(CultureInfo.InvariantCulture);
                    Visit(ConfigurationPath.Combine(path, index), list.Items[i].Position, list.Items[i], data, positions);
                }
                break;
            case YamlMap { Entries.Count: 0 }:
                data[path] = null;
                break;
            case YamlMap map:
                foreach (var entry in map.Entries)
                    Visit(ConfigurationPath.Combine(path, entry.Key), entry.Position, entry.Value, data, positions);
                break;
        }
    }
}
