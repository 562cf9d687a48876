using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>Offloads on one side only, the smallest MTU that carries IPv6: the other side segments in software.</summary>
public sealed class MixedTrafficTests(MixedTrafficTests.Nodes nodes, ITestOutputHelper output)
    : TrafficTests(nodes, output), IClassFixture<MixedTrafficTests.Nodes>
{
    public sealed class Nodes : TwoNodes
    {
        protected override LabNodeSettings Change(LabNodeSettings settings) => settings with
        {
            Mtu = 1280,
            Plugins = settings.VirtualIp.EndsWith('2') ? ["tun.linux: { offload: false }"] : [],
        };
    }
}
