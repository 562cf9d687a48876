namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>A mistake in the configuration.</summary>
/// <param name="Path">The key; empty when the text of the file is no YAML.</param>
/// <param name="Value">What stands there; null when nothing does.</param>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Origin">The file and line, the environment variable, or <c>--set</c>; null when it is not known.</param>
public sealed record ReloadMistake(string Path, string? Value, string Rule, string? Origin);
