namespace SubnetVpn.TestKit.Metrics;

/// <summary>One measurement.</summary>
/// <param name="Name">The instrument.</param>
/// <param name="Tags">Its tags as <c>key=value</c>.</param>
/// <param name="Value">What was measured.</param>
public sealed record Measured(string Name, IReadOnlySet<string> Tags, double Value);
