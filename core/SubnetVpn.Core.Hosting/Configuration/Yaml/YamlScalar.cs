namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>A single value; null for <c>null</c>, <c>~</c> and nothing at all.</summary>
internal sealed record YamlScalar(string? Value, YamlPosition Position) : YamlNode(Position);
