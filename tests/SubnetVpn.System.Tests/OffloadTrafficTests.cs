namespace SubnetVpn.System.Tests;

/// <summary>The default: super-packets from kernel to kernel.</summary>
public sealed class OffloadTrafficTests(TwoNodes nodes, ITestOutputHelper output) : TrafficTests(nodes, output), IClassFixture<TwoNodes>;
