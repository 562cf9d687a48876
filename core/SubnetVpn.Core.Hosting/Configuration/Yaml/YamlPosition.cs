namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>Where something stands in a file; both count from 1.</summary>
internal readonly record struct YamlPosition(long Line, long Column);
