using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Scheduling;

namespace SubnetVpn.Plugins.Tests.SchedulingSticky;

public sealed class StickyConformanceTests : SchedulerConformance
{
    protected override IStreamScheduler Create() => new StickyScheduler();
}
