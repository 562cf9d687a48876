using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Asks the kernel for the settings of an interface, by the controls of <c>linux/sockios.h</c>.</summary>
internal static partial class LinkRequest
{
    private const nuint SIOCGIFMTU = 0x8921;
    private const nuint SIOCGIFTXQLEN = 0x8942;

    public static int GetMtu(string name) => Get(name, SIOCGIFMTU);

    public static int GetQueueLength(string name) => Get(name, SIOCGIFTXQLEN);

    private static int Get(string name, nuint control)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // struct ifreq: 16 bytes of name, then the value.
        var request = new byte[40];
        Encoding.ASCII.GetBytes(name, request);
        Assert.Equal(0, Ioctl(socket.SafeHandle, control, request));
        return BitConverter.ToInt32(request, 16);
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(SafeHandle handle, nuint control, [In, Out] byte[] request);
}
