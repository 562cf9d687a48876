using System.ComponentModel;
using System.Diagnostics;

namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>Runs programs of the system: the demo sets up a lab, which the product itself never has to.</summary>
internal static class CommandLineTool
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard error when it failed; null when it succeeded.</returns>
    public static async Task<string?> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"'{program} {string.Join(' ', start.ArgumentList)}' says: {error.Trim()}";
        }
        catch (Win32Exception exception)
        {
            return $"'{program}' cannot be run: {exception.Message}";
        }
    }
}
