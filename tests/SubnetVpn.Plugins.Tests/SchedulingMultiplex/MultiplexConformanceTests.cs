using SubnetVpn.Scheduling.Multiplex;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Scheduling;

namespace SubnetVpn.Plugins.Tests.SchedulingMultiplex;

public sealed class MultiplexConformanceTests : SchedulerConformance
{
    protected override IStreamScheduler Create() => new MultiplexScheduler(new SchedulerSettings());
}
