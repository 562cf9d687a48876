namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>What is wrong with a YAML text, and where.</summary>
internal sealed record YamlMistake(YamlPosition Position, string Message);
