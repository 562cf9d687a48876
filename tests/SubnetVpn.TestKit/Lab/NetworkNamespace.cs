using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SubnetVpn.TestKit.Lab;

/// <summary>A named network namespace of Linux: one machine of a lab. Gone, with all its links, when disposed.</summary>
public sealed partial class NetworkNamespace : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000; // <linux/sched.h>
    private static int _created;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    private string Handle => $"/run/netns/{Name}";

    /// <summary>Creates a namespace whose name no other process uses, with its loopback up.</summary>
    public static async Task<NetworkNamespace> CreateAsync(string role)
    {
        await StaleLabs.RemoveOnceAsync();
        var created = new NetworkNamespace(StaleLabs.NameFor(Interlocked.Increment(ref _created), role));
        (await Exec.RunAsync("ip", "netns", "add", created.Name)).EnsureSuccess();
        await created.IpAsync("link set lo up");
        return created;
    }

    /// <summary>Runs <c>ip</c> with these arguments in the namespace.</summary>
    public async Task<string> IpAsync(string arguments) =>
        (await Exec.RunAsync("ip", ["-n", Name, .. arguments.Split(' ')])).EnsureSuccess().Output;

    /// <summary>Runs a command in the namespace to its end.</summary>
    public Task<ExecResult> RunAsync(string file, params string[] arguments) =>
        Exec.RunAsync("ip", ["netns", "exec", Name, Exec.Find(file) ?? file, .. arguments]);

    /// <summary>Starts a command in the namespace; its process id is the command's own.</summary>
    public LabProcess Start(string file, params string[] arguments) =>
        new("ip", ["netns", "exec", Name, Exec.Find(file) ?? file, .. arguments]);

    /// <summary>A socket of this namespace: it belongs to it for good, whichever thread uses it.</summary>
    public Socket CreateSocket(AddressFamily family, SocketType type, ProtocolType protocol) => Enter(() => new Socket(family, type, protocol));

    /// <summary>Runs a function on a thread of its own that has entered the namespace.</summary>
    public T Enter<T>(Func<T> inside)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(Handle);
                if (SetNamespace(handle, CloneNewNet) != 0)
                {
                    throw new InvalidOperationException($"setns({Handle}): {Marshal.GetLastPInvokeErrorMessage()}");
                }

                result = inside();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>The ids of the processes that run in the namespace.</summary>
    public Task<IReadOnlyList<int>> ProcessesAsync() => ProcessesAsync(Name);

    internal static async Task<IReadOnlyList<int>> ProcessesAsync(string name) =>
        [.. (await Exec.RunAsync("ip", "netns", "pids", name)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    public async ValueTask DisposeAsync() => await Exec.RunAsync("ip", ["netns", "del", Name], CancellationToken.None);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int type);
}
