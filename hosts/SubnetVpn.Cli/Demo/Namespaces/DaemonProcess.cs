using System.Diagnostics;
using System.Runtime.InteropServices;
using SubnetVpn.Cli.Background;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>A daemon in a namespace. Disposing of it ends it as an operator would, with SIGTERM.</summary>
internal sealed partial class DaemonProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(6);

    private readonly Process _process;
    private readonly DemoNode _node;
    private readonly TimeProvider _time;
    private readonly Task _log;

    private DaemonProcess(Process process, DemoNode node, TimeProvider time)
    {
        (_process, _node, _time) = (process, node, time);
        _log = SaveLogAsync();
    }

    public static DaemonProcess Start(DemoNode node, NetworkNamespace place, TimeProvider time)
    {
        string[] arguments = ["netns", "exec", place.Name, DaemonLocator.Find(), "--config", node.ConfigurationFile];
        var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardInput = true })!;
        return new DaemonProcess(process, node, time);
    }

    /// <summary>Waits until the node runs.</summary>
    public async Task<NodeStatus> WaitAsync(CancellationToken cancellationToken)
    {
        using var client = new ControlClient(_node.ControlSocket);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var exit = _process.WaitForExitAsync(ended.Token);
        var running = NodeWaiter.WaitAsync(client, s_startLimit, _time, ended.Token);
        var first = await Task.WhenAny(exit, running);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == running)
        {
            var status = await running;
            await ended.CancelAsync();
            return status;
        }
        await ended.CancelAsync();
        await _log;
        throw DemoFault.Because($"node {_node.Name} ended with code {_process.ExitCode}. Its log ends with:\n{LastLines()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _ = Kill(_process.Id, Terminate);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(s_stopLimit, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        await _log;
        _process.Dispose();
    }

    private async Task SaveLogAsync()
    {
        await using var file = File.Create(_node.LogFile);
        await _process.StandardError.BaseStream.CopyToAsync(file);
    }

    private string LastLines() => string.Join('\n', File.ReadLines(_node.LogFile).TakeLast(5).Select(line => "  " + line));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
