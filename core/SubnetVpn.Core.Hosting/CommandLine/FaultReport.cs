namespace SubnetVpn.Core.Hosting.CommandLine;

/// <summary>Tells the user of a fault that ended a program: one message, no stack trace unless it was asked for.</summary>
public static class FaultReport
{
    /// <summary>Writes what went wrong.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="error">Where to write, such as the standard error stream.</param>
    /// <param name="withDetails">Whether stack traces are wanted.</param>
    /// <returns>The exit code.</returns>
    public static int Write(Exception exception, TextWriter error, bool withDetails = false)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(error);
        if (exception is VpnException fault)
        {
            error.WriteLine($"error: {fault.Message}");
            if (withDetails && fault.InnerException is not null)
                error.WriteLine(fault.InnerException);
            return fault.Reason == VpnErrorReason.Configuration ? ExitCode.Usage : ExitCode.Failure;
        }
        if (withDetails)
            error.WriteLine($"error: {exception}");
        else
            error.WriteLine($"error: {OneLine(exception)} (This is a bug; run again with --log-level debug for its details.)");
        return ExitCode.Failure;
    }

    private static string OneLine(Exception exception) => $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
}
