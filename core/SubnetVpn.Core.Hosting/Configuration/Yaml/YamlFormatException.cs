namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>A YAML file cannot be read. The message holds one line for each mistake: file, line, column, what is wrong.</summary>
public sealed class YamlFormatException : VpnException
{
    internal YamlFormatException(string file, IReadOnlyList<YamlMistake> mistakes)
        : base(VpnErrorReason.Configuration, string.Join('\n', mistakes.Select(mistake => Describe(file, mistake))))
    {
    }

    /// <summary>One line: file, line, column, what is wrong.</summary>
    internal static string Describe(string file, YamlMistake mistake) =>
        $"{file}:{mistake.Position.Line}:{mistake.Position.Column}: {mistake.Message}{(mistake.Message.EndsWith('?') ? string.Empty : ".")}";
}
