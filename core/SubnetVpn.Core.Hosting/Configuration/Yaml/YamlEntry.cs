namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>A key of a map with its place, and what it holds.</summary>
internal sealed record YamlEntry(string Key, YamlPosition Position, YamlNode Value);
