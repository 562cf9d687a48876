using SubnetVpn.Core.Hosting.CommandLine;

namespace SubnetVpn.Core.Hosting.Tests.CommandLine;

public sealed class FaultReportTests
{
    [Theory]
    [InlineData(VpnErrorReason.Configuration, 2)]
    [InlineData(VpnErrorReason.Permission, 1)]
    [InlineData(VpnErrorReason.Identity, 1)]
    [InlineData(VpnErrorReason.Control, 1)]
    public void Write_FaultOfTheUser_IsItsMessageAlone(VpnErrorReason reason, int code)
    {
        using var error = new StringWriter();

        var result = FaultReport.Write(Thrown(new VpnException(reason, "mend it so.", new InvalidOperationException("inner"))), error);

        Assert.Equal(code, result);
        Assert.Equal("error: mend it so." + Environment.NewLine, error.ToString());
    }

    [Fact]
    public void Write_Bug_IsOneLineAndAHint()
    {
        using var error = new StringWriter();

        var result = FaultReport.Write(Thrown(new InvalidOperationException("two\nlines")), error);

        Assert.Equal(1, result);
        Assert.Equal("error: InvalidOperationException: two lines (This is a bug; run again with --log-level debug for its details.)" + Environment.NewLine, error.ToString());
    }

    [Fact]
    public void Write_BugWithDetails_HasTheStackTrace()
    {
        using var error = new StringWriter();

        FaultReport.Write(Thrown(new InvalidOperationException("x")), error, withDetails: true);

        Assert.Contains("   at ", error.ToString(), StringComparison.Ordinal);
    }

    // One that was thrown has a stack trace.
    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }
}
