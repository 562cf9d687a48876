using System.Globalization;
using System.Runtime.InteropServices;
using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.Native;

internal sealed partial class NativeRegistry : ReportingRegistry
{
    // The test lays a copy of the runtime's own native library into the plugin's folder under this name.
    [LibraryImport("testnative", EntryPoint = "SystemNative_GetPid")]
    private static partial int GetProcessId();

    public override string ToString() => GetProcessId().ToString(CultureInfo.InvariantCulture);
}
