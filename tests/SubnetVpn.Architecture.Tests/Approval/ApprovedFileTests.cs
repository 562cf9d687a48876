using SubnetVpn.TestKit.Approval;

namespace SubnetVpn.Architecture.Tests.Approval;

public sealed class ApprovedFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("subnetvpn-approval-").FullName;

    private string File => Path.Combine(_directory, "sample-of-approval.txt");

    private static string Received => Path.Combine(AppContext.BaseDirectory, "sample-of-approval.received.txt");

    [Fact]
    public void Verify_Same_PassesWhateverTheLineEndings()
    {
        System.IO.File.WriteAllText(File, "a\r\nb\r\n");

        ApprovedFile.Verify(File, "a\nb\n");

        Assert.False(System.IO.File.Exists(Received));
    }

    [Theory]
    [InlineData("a\nb\n", "a\nc\n", "- b", "+ c")]
    [InlineData("a\nb\n", "b\na\n", "another order")]
    [InlineData(null, "a\n", "+ a")]
    public void Verify_Different_FailsAndSaysHowToApprove(string? approved, string received, params string[] parts)
    {
        if (approved is not null)
            System.IO.File.WriteAllText(File, approved);

        var exception = Assert.ThrowsAny<Exception>(() => ApprovedFile.Verify(File, received));

        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.Contains($"cp {Received} {File}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(received, System.IO.File.ReadAllText(Received));
    }

    public void Dispose()
    {
        System.IO.File.Delete(Received);
        Directory.Delete(_directory, recursive: true);
    }
}
