using SubnetVpn.Discovery;
using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.Faulty;

internal sealed class NeedyRegistry(IRecordStore records) : ReportingRegistry
{
    public override string ToString() => $"over {records}";
}
