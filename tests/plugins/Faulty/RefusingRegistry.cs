using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.Faulty;

internal sealed class RefusingRegistry : ReportingRegistry
{
    public RefusingRegistry() => throw new VpnException(VpnErrorReason.Permission, "The registry needs root. Run as root.");

    public override string ToString() => "never made";
}
