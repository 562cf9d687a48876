namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>A circuit breaker.</summary>
/// <param name="State"><c>closed</c>, <c>open</c> or <c>half_open</c>.</param>
/// <param name="ConsecutiveFailures">Failures since the last success.</param>
/// <param name="LastError">The last error, or null.</param>
/// <param name="NextProbe">When an open one lets an operation through; null otherwise.</param>
/// <param name="Summary">The state in a sentence.</param>
public sealed record CircuitStatus(string State, int ConsecutiveFailures, string? LastError, DateTimeOffset? NextProbe, string Summary);
