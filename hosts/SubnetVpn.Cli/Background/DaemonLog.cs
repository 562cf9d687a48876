namespace SubnetVpn.Cli.Background;

/// <summary>The log of a daemon in the background: what it says is added to what is there.</summary>
internal sealed class DaemonLog
{
    private const string ErrorMark = "error: ";
    private readonly long _start;

    private DaemonLog(string file, long start) => (File, _start) = (file, start);

    public string File { get; }

    public static DaemonLog Open(string file)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(file, options);
            return new DaemonLog(file, stream.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VpnException(VpnErrorReason.Permission, $"the log {file} cannot be written: {exception.Message} Run this as the user whose node it is, or as root.", exception);
        }
    }

    /// <summary>What the daemon said was wrong when it ended, of one line or more; null when it said nothing.</summary>
    public string? ReadError()
    {
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = _start;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n');
        var first = Array.FindLastIndex(lines, static line => line.StartsWith(ErrorMark, StringComparison.Ordinal));
        return first < 0 ? null : string.Join('\n', lines[first..])[ErrorMark.Length..].TrimEnd();
    }
}
