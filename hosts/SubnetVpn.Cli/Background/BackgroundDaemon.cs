using System.Diagnostics;
using System.Runtime.InteropServices;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Background;

/// <summary>A daemon that goes on when this program and its terminal are gone; it logs to a file.</summary>
internal sealed partial class BackgroundDaemon : IDisposable
{
    private const int Terminate = 15;

    // POSIX: the shell opens the files and is then replaced, so that the process id is the daemon's.
    private const string Redirected = """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""";

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(6);

    private readonly Process _process;
    private readonly DaemonLog _log;
    private readonly TimeProvider _time;

    private BackgroundDaemon(Process process, DaemonLog log, TimeProvider time) => (_process, _log, _time) = (process, log, time);

    public static BackgroundDaemon Start(string configuration, string logFile, TimeProvider time)
    {
        if (OperatingSystem.IsWindows())
            throw new VpnException(VpnErrorReason.Control, $"a node cannot be started in the background on Windows yet. Run it with: subnetvpnd --config {configuration}");
        var daemon = DaemonLocator.Find();
        var log = DaemonLog.Open(logFile);
        string[] arguments = ["-c", Redirected, "sh", logFile, .. SessionLeader(), daemon, "--config", configuration];
        var process = Process.Start(new ProcessStartInfo("/bin/sh", arguments) { WorkingDirectory = "/" })!;
        return new BackgroundDaemon(process, log, time);
    }

    /// <summary>Waits until the node runs. When it does not, nothing is left running, and the fault is the daemon's own.</summary>
    public async Task<NodeStatus> WaitAsync(ControlClient client, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        try
        {
            while (true)
            {
                var reason = "the control socket does not answer yet.";
                try
                {
                    // Another node may answer there; then this one is about to say so and end.
                    if (await client.GetStatusAsync(cancellationToken) is var status && status.Pid == _process.Id)
                    {
                        if (status.State == "running")
                            return status;
                        reason = $"the node is {status.State}.";
                    }
                }
                catch (VpnException exception)
                {
                    reason = exception.Message;
                }
                if (_process.HasExited)
                    throw Ended(_process.ExitCode);
                if (_time.GetElapsedTime(start) >= timeout)
                    throw new VpnException(VpnErrorReason.Control, $"the node does not run after {timeout.TotalSeconds} s, so it was ended: {reason} Its log: {_log.File}");
                await Task.Delay(s_interval, _time, cancellationToken);
            }
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    // In a session of its own it hears nothing of Ctrl+C here, nor of the terminal's end. setsid comes with util-linux and BusyBox; where it
    // is missing, as on macOS, the daemon lives on all the same: it takes a hang-up as the wish to read its configuration again.
    private static string[] SessionLeader() =>
        Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists) is { } program ? [program] : [];

    private async Task StopAsync()
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
        }
    }

    private VpnException Ended(int code) =>
        new(code == ExitCode.Usage ? VpnErrorReason.Configuration : VpnErrorReason.Control, _log.ReadError() ?? $"the node ended with code {code}. Its log: {_log.File}");

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
