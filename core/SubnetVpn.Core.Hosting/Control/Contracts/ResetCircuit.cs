namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>A circuit breaker that was closed by hand.</summary>
/// <param name="Network">The network.</param>
/// <param name="Operation">The operation that it guards, such as <c>open_stream</c>.</param>
/// <param name="Before">As it was before.</param>
public sealed record ResetCircuit(string Network, string Operation, CircuitStatus Before);
