using System.Diagnostics;

namespace SubnetVpn.TestKit.Lab;

/// <summary>Runs commands to their end.</summary>
public static class Exec
{
    private static readonly TimeSpan _safetyTimeout = TimeSpan.FromSeconds(120);
    private static readonly string[] _systemFolders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>The path of a command, also of those that only root has on its PATH; null when there is none.</summary>
    public static string? Find(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Concat(_systemFolders)
        .Select(folder => Path.Combine(folder, command))
        .FirstOrDefault(File.Exists);

    public static Task<ExecResult> RunAsync(string file, params string[] arguments) => RunAsync(file, arguments, TestContext.Current.CancellationToken);

    public static async Task<ExecResult> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(file, arguments);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_safetyTimeout);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return new ExecResult(CommandLine(process.StartInfo), process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"`{CommandLine(process.StartInfo)}` did not end within {_safetyTimeout.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Starts a command with all three streams redirected.</summary>
    internal static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(file) ?? file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
    }

    internal static string CommandLine(ProcessStartInfo start) => string.Join(' ', start.ArgumentList.Prepend(Path.GetFileName(start.FileName)));
}
