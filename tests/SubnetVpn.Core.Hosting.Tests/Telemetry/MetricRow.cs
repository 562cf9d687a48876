namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>One instrument as the documentation tells of it.</summary>
internal sealed record MetricRow(string Kind, string Unit, IReadOnlyList<string> Labels);
