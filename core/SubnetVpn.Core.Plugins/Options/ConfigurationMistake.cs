namespace SubnetVpn.Core.Plugins.Options;

/// <summary>One mistake in the configuration, told as a value so that all of them can be reported at once.</summary>
/// <param name="Path">Where, in the form of configuration paths, such as <c>plugins:discovery.static:peers:0:id</c>.</param>
/// <param name="Value">What stands there; null when nothing does.</param>
/// <param name="Message">The rule that is broken and, where one is known, the mend. A sentence without the path and the value.</param>
public sealed record ConfigurationMistake(string Path, string? Value, string Message)
{
    /// <summary>One line: path, value when there is one, rule.</summary>
    public override string ToString() => Value is null ? $"{Path}: {Message}" : $"{Path}: '{Value}': {Message}";
}
