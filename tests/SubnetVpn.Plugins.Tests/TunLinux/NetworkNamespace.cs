using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SubnetVpn.Tun.Linux.Netlink;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>
/// A fresh network namespace of this test. Sockets and devices made inside belong to it for good, whichever thread uses
/// them later. It vanishes with its last user.
/// </summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    // linux/sched.h
    private const int CLONE_NEWNET = 0x40000000;

    private readonly SafeFileHandle _handle;

    private NetworkNamespace(SafeFileHandle handle) => _handle = handle;

    public static NetworkNamespace Create() => OnThread(static () =>
    {
        Check(Unshare(CLONE_NEWNET));
        using var netlink = new NetlinkSocket();
        new LinkConfigurator(netlink, "lo", 1).BringUp();
        return new NetworkNamespace(File.OpenHandle("/proc/thread-self/ns/net", FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
    });

    /// <summary>
    /// Runs code inside, on a thread of its own. The code must neither start tasks nor complete any: a thread pool thread
    /// that were started there would stay there.
    /// </summary>
    public T Run<T>(Func<T> code) => OnThread(() =>
    {
        Check(SetNamespace(_handle, CLONE_NEWNET));
        return code();
    });

    public void Run(Action code) => Run(() =>
    {
        code();
        return true;
    });

    public Socket NewSocket(AddressFamily family, SocketType type, ProtocolType protocol) =>
        Run(() => new Socket(family, type, protocol));

    public void Dispose() => _handle.Dispose();

    private static T OnThread<T>(Func<T> code)
    {
        var result = default(T)!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = code();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new AggregateException(failure).InnerExceptions[0];
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
