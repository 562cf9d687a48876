namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>A map in the order of the file; its keys are unique.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, YamlPosition Position) : YamlNode(Position);
