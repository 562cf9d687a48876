using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Takes rights from the calling thread alone (<c>linux/capability.h</c>). The thread must end afterwards.</summary>
internal static partial class ThreadCapability
{
    private const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    private const int CAP_NET_ADMIN = 12;

    public static void DropNetAdmin()
    {
        // struct __user_cap_header_struct, and two struct __user_cap_data_struct of effective, permitted, inheritable.
        uint[] header = [_LINUX_CAPABILITY_VERSION_3, 0];
        var data = new uint[6];
        Check(Get(header, data));
        data[0] &= ~(1u << CAP_NET_ADMIN);
        Check(Set(header, data));
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "capget", SetLastError = true)]
    private static partial int Get([In, Out] uint[] header, [In, Out] uint[] data);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int Set([In, Out] uint[] header, [In] uint[] data);
}
