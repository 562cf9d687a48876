using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>A named network namespace of Linux.</summary>
/// <param name="Name">As <c>ip netns</c> knows it.</param>
internal sealed partial record NetworkNamespace(string Name)
{
    // linux/sched.h
    private const int CloneNewNet = 0x4000_0000;

    /// <summary>
    /// Makes a socket inside the namespace. A socket belongs for ever to the namespace of the thread that made it, so that
    /// it can be used from everywhere; the thread itself ends, as it must not go back to the pool from another namespace.
    /// </summary>
    public Socket MakeSocket(Func<Socket> make)
    {
        Socket? socket = null;
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{Name}");
                if (SetNamespace(file, CloneNewNet) != 0)
                    throw new Win32Exception();
                socket = make();
            }
            catch (Exception exception)
            {
                fault = exception;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw DemoFault.Because($"no socket in the namespace {Name}: {fault?.Message}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle file, int kind);
}
