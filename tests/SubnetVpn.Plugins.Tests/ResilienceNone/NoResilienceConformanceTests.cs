using SubnetVpn.Resilience;
using SubnetVpn.Resilience.None;
using SubnetVpn.TestKit.Resilience;

namespace SubnetVpn.Plugins.Tests.ResilienceNone;

public sealed class NoResilienceConformanceTests : ResilienceConformance
{
    protected override IResiliencePolicy Create(ResilienceSettings settings, TimeProvider time) => new NoResiliencePolicy();
}
