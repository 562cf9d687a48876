namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>One sample of a Prometheus text.</summary>
internal sealed record PrometheusLine(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
