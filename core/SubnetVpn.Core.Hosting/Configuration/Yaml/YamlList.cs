namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>A list of nodes.</summary>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, YamlPosition Position) : YamlNode(Position);
