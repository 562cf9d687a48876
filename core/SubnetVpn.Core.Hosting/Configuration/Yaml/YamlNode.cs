namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>A piece of a YAML document, with its place.</summary>
internal abstract record YamlNode(YamlPosition Position);
