namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>One metric of a Prometheus text.</summary>
internal sealed record PrometheusFamily(string Name, string Type, string? Unit, string Help, List<PrometheusLine> Lines);
