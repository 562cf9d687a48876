namespace SubnetVpn.TestKit.Approval;

/// <summary>
/// Compares a text with one that somebody has read and approved, and that is committed. A difference is a decision for a
/// reviewer: the received text is written beside the test's output, and the failure says how to approve it.
/// </summary>
public static class ApprovedFile
{
    /// <summary>Fails unless the text equals the approved one. Line endings do not matter.</summary>
    /// <param name="approvedFile">The approved file, in the source tree; need not exist yet.</param>
    /// <param name="received">The text as it is now.</param>
    public static void Verify(string approvedFile, string received)
    {
        ArgumentException.ThrowIfNullOrEmpty(approvedFile);
        ArgumentNullException.ThrowIfNull(received);
        var approved = File.Exists(approvedFile) ? LinesOf(File.ReadAllText(approvedFile)) : [];
        var actual = LinesOf(received);
        var receivedFile = Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(approvedFile) + ".received.txt");
        if (approved.SequenceEqual(actual))
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, string.Join('\n', actual) + "\n");
        var changes = approved.Except(actual).Select(static line => "- " + line).Concat(actual.Except(approved).Select(static line => "+ " + line)).ToList();
        if (changes.Count == 0)
            changes.Add("(the same lines in another order or number)");
        Assert.Fail($"""
            {Path.GetFileName(approvedFile)} differs from what was approved:
            {string.Join('\n', changes)}

            If that is what you want, approve it and commit the file:
            cp {receivedFile} {approvedFile}
            """);
    }

    private static string[] LinesOf(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
