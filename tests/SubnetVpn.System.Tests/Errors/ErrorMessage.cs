using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Errors;

/// <summary>What an operator may expect of an error.</summary>
internal static class ErrorMessage
{
    /// <summary>
    /// The program ended with this code, or with 1 or 2 when it is null; the message on stderr has all the
    /// expected texts, and no stack trace.
    /// </summary>
    public static void AssertClear(ExecResult result, int? exitCode, params string[] expected)
    {
        Assert.True(exitCode is null ? result.ExitCode is 1 or 2 : result.ExitCode == exitCode, result.ToString());
        foreach (var text in expected)
        {
            Assert.True(result.Error.Contains(text, StringComparison.OrdinalIgnoreCase), $"\"{text}\" is not in what was said:\n{result}");
        }

        Assert.DoesNotContain("\n   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception:", result.Error, StringComparison.Ordinal);
        var errors = result.Error.Split('\n').Count(line => line.StartsWith("error:", StringComparison.Ordinal));
        Assert.True(errors <= 1, $"{errors} lines begin with \"error:\":\n{result}");
    }
}
