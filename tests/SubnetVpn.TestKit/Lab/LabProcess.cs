using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SubnetVpn.TestKit.Lab;

/// <summary>A process that runs beside a test. What it says is kept; it is ended when disposed.</summary>
public sealed partial class LabProcess : IAsyncDisposable
{
    private const int Sigterm = 15, Sigcont = 18, Sigstop = 19; // <asm/signal.h>
    private static readonly TimeSpan _safetyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(6);
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Task _reading;
    private readonly string _commandLine;
    private volatile TaskCompletionSource _saidMore = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LabProcess(string file, IEnumerable<string> arguments)
    {
        _process = Exec.Start(file, arguments);
        _commandLine = Exec.CommandLine(_process.StartInfo);
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Starts a command in the test's own namespace.</summary>
    public static LabProcess Start(string file, params string[] arguments) => new(file, arguments);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>How much of the machine's memory the process holds now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public StreamWriter Input => _process.StandardInput;

    /// <summary>All that the process has said on both streams.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Waits until the process has said this.</summary>
    public Task WaitForAsync(string text) => WaitForAsync(said => said.Contains(text, StringComparison.Ordinal) ? said : null, text, _safetyTimeout);

    /// <summary>Waits for a line that begins like this; the line.</summary>
    public Task<string> WaitForLineAsync(string beginning, TimeSpan timeout) =>
        WaitForAsync(said => said.Split('\n').FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal)), beginning, timeout);

    /// <summary>Asks the process to leave (SIGTERM) and waits for its exit code.</summary>
    public Task<int> TerminateAsync()
    {
        if (!HasExited)
        {
            Signal(Id, Sigterm);
        }

        return WaitForExitAsync();
    }

    /// <summary>Halts the process (SIGSTOP): it keeps its sockets and runs no more.</summary>
    public void Suspend() => Signal(Id, Sigstop);

    /// <summary>Lets a halted process run again (SIGCONT).</summary>
    public void Resume() => Signal(Id, Sigcont);

    /// <summary>Ends the process at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(_safetyTimeout, TestContext.Current.CancellationToken);
            await _reading;
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"`{_commandLine}` did not end within {_safetyTimeout.TotalSeconds} s. It said:\n{Said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Id, Sigterm); // Some have sockets and devices to remove.
            Signal(Id, Sigcont); // A halted one would not notice.
            await Task.WhenAny(_process.WaitForExitAsync(CancellationToken.None), Task.Delay(_grace, TimeProvider.System));
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task<string> WaitForAsync(Func<string, string?> find, string what, TimeSpan timeout)
    {
        while (true)
        {
            var more = _saidMore.Task;
            var isLast = _reading.IsCompleted;
            if (find(Said) is { } found)
            {
                return found;
            }

            if (isLast)
            {
                throw new InvalidOperationException($"`{_commandLine}` ended without having said \"{what}\". It said:\n{Said}");
            }

            try
            {
                await Task.WhenAny(more, _reading).WaitAsync(timeout, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"`{_commandLine}` did not say \"{what}\" within {timeout.TotalSeconds} s. It said:\n{Said}");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    private async Task ReadAsync(StreamReader source)
    {
        while (await source.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.Append(line).Append('\n');
            }

            Interlocked.Exchange(ref _saidMore, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }
}
