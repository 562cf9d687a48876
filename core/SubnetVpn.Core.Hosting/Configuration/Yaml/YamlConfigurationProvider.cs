using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>Reads a YAML file, and knows where each of its keys stands.</summary>
public sealed class YamlConfigurationProvider : FileConfigurationProvider
{
    private Dictionary<string, YamlPosition> _positions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a provider; nothing is read yet.</summary>
    /// <param name="source">The file.</param>
    public YamlConfigurationProvider(YamlConfigurationSource source) : base(source)
    {
    }

    /// <summary>Whether a text was read, apart from places that the sink was told of.</summary>
    internal bool IsLoaded { get; private set; }

    /// <summary>Takes the mistakes instead of an exception.</summary>
    internal Action<IReadOnlyList<YamlMistake>>? MistakeSink { get; init; }

    /// <summary>Reads a text. When any of it is wrong, what was read before stays.</summary>
    /// <param name="stream">The text in UTF-8.</param>
    /// <exception cref="YamlFormatException">It is not valid YAML, or holds a key twice: all such places.</exception>
    public override void Load(Stream stream)
    {
        using var text = new StreamReader(stream);
        var root = YamlReader.Read(text, out var mistakes);
        if (mistakes.Count > 0 && MistakeSink is null)
            throw new YamlFormatException(FullPath, mistakes);
        MistakeSink?.Invoke(mistakes);
        if (root is null)
            return;

        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var positions = new Dictionary<string, YamlPosition>(StringComparer.OrdinalIgnoreCase);
        YamlFlattener.Flatten(root, data, positions);
        (Data, _positions, IsLoaded) = (data, positions, true);
    }

    private string FullPath => Source.FileProvider?.GetFileInfo(Source.Path ?? string.Empty).PhysicalPath ?? Source.Path ?? "the configuration";

    /// <summary>The line of a key, or of the nearest section around it; null when the file has neither.</summary>
    internal long? FindLine(string path)
    {
        for (var at = path; at is not null; at = ConfigurationPath.GetParentPath(at))
            if (_positions.TryGetValue(at, out var position))
                return position.Line;
        return null;
    }
}
