namespace SubnetVpn.Cli.Commands;

/// <summary>Where a token comes from.</summary>
internal static class TokenSource
{
    private const string StandardInput = "-";

    // Many times as long as a token.
    private const int MaxLength = 64 * 1024;

    public static async Task<string> ReadAsync(string? argument, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
            return argument == StandardInput ? await ReadAsync(Console.In, cancellationToken) : argument!;
        try
        {
            using var reader = new StreamReader(file);
            return await ReadAsync(reader, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VpnException(VpnErrorReason.Configuration, $"the token cannot be read from {file}: {exception.Message}", exception);
        }
    }

    private static async Task<string> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var text = new char[MaxLength];
        return new string(text, 0, await reader.ReadBlockAsync(text, cancellationToken));
    }
}
