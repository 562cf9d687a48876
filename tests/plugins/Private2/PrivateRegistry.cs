using SubnetVpn.TestPlugins.Common;
using SubnetVpn.TestPlugins.PrivateLibrary;

namespace SubnetVpn.TestPlugins.Private2;

internal sealed class PrivateRegistry : ReportingRegistry
{
    public override string ToString() => $"code {PrivateVersion.OfCode}, assembly {PrivateVersion.OfAssembly}";
}
