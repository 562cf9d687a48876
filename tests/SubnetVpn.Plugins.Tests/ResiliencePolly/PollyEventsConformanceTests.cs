using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Resilience;
using SubnetVpn.Resilience.Polly;
using SubnetVpn.TestKit.Resilience;

namespace SubnetVpn.Plugins.Tests.ResiliencePolly;

public sealed class PollyEventsConformanceTests : ResilienceEventsConformance
{
    protected override IResiliencePolicy Create(ResilienceSettings settings, TimeProvider time) =>
        new PollyResiliencePolicy(settings, time, NullLogger<PollyResiliencePolicy>.Instance);
}
