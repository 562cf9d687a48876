using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>Offloads switched off, the wire on IPv6: one packet a read, and no header of the kernel's.</summary>
public sealed class PlainTrafficTests(PlainTrafficTests.Nodes nodes, ITestOutputHelper output)
    : TrafficTests(nodes, output), IClassFixture<PlainTrafficTests.Nodes>
{
    public sealed class Nodes : TwoNodes
    {
        protected override LabNodeSettings Change(LabNodeSettings settings) =>
            settings with { UseIpv6Wire = true, Plugins = ["tun.linux: { offload: false }"] };
    }
}
