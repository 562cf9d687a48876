using System.Diagnostics;
using System.Globalization;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>A daemon that runs until it is told to end.</summary>
internal sealed class RunningDaemon : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private RunningDaemon(Process process)
    {
        _process = process;
        _log = process.StandardError.ReadToEndAsync();
    }

    public static RunningDaemon Start(string config, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Repository.Daemon, ["--config", config]) { RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new RunningDaemon(Process.Start(start)!);
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<int> TerminateAsync()
    {
        (await Exec.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture))).EnsureSuccess();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(await _log);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
