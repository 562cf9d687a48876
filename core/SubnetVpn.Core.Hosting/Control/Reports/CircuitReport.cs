using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Turns a snapshot of a circuit breaker to what the control API answers.</summary>
internal static class CircuitReport
{
    public static CircuitStatus Make(CircuitSnapshot circuit, DateTimeOffset now) => new(
        KeyName.Of(circuit.State.ToString()), circuit.ConsecutiveFailures, circuit.LastError, circuit.NextProbe, Describe(circuit, now));

    private static string Describe(CircuitSnapshot circuit, DateTimeOffset now)
    {
        var parts = new List<string>
        {
            circuit.State switch
            {
                CircuitState.Open => "open",
                CircuitState.HalfOpen => "half open, one attempt at a time is let through",
                _ => "closed",
            },
        };
        if (circuit.State == CircuitState.Open)
            parts.Add(circuit.NextProbe > now ? $"next probe in {HumanText.Duration(circuit.NextProbe.Value - now)}" : "next probe with the next packet");
        if (circuit.ConsecutiveFailures > 0)
            parts.Add($"{HumanText.Count(circuit.ConsecutiveFailures, "failure")} in a row");
        if (circuit.LastError is { } error && (circuit.State != CircuitState.Closed || circuit.ConsecutiveFailures > 0))
            parts.Add($"last error: {error.TrimEnd('.')}");
        return string.Join("; ", parts);
    }
}
