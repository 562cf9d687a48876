using SubnetVpn.TestPlugins.Common;
using SubnetVpn.TestPlugins.PrivateLibrary;

namespace SubnetVpn.TestPlugins.Private1;

internal sealed class PrivateRegistry : ReportingRegistry
{
    public override string ToString() => $"code {PrivateVersion.OfCode}, assembly {PrivateVersion.OfAssembly}";
}
