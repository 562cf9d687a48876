namespace SubnetVpn.TestKit.Lab;

/// <summary>How a command ended, and what it said.</summary>
public sealed record ExecResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>This result, when the command ended well.</summary>
    /// <exception cref="InvalidOperationException">The exit code was not 0; the message has all that the command said.</exception>
    public ExecResult EnsureSuccess() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    public override string ToString() => $"`{CommandLine}` ended with {ExitCode}\n{Output}{Error}";
}
