using System.Text;
using System.Text.Json;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>Reads <c>plugin.json</c>, strictly: an unknown, missing or mistyped field is a problem, and all of them are told.</summary>
internal sealed class PluginManifestReader
{
    private static readonly string[] s_fields = ["id", "version", "contract", "assembly", "provides", "platforms", "stability", "description"];

    private readonly List<string> _problems = [];
    private readonly Dictionary<string, JsonElement> _values = [];

    private PluginManifestReader()
    {
    }

    /// <summary>Reads the manifest of a folder.</summary>
    /// <param name="folder">The plugin's folder; its name must be the plugin's id.</param>
    public static PluginManifestResult Read(string folder)
    {
        var file = Path.Combine(folder, PluginManifest.FileName);
        try
        {
            return Parse(File.ReadAllBytes(file), Path.GetFileName(folder));
        }
        catch (FileNotFoundException)
        {
            return Broken("There is no plugin.json in the folder. Every folder of the plugins folder is a plugin: complete it, or remove the folder.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Broken($"It cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads the text of a manifest.</summary>
    /// <param name="json">The text, UTF-8.</param>
    /// <param name="folderName">The name of the folder in which it lies.</param>
    public static PluginManifestResult Parse(ReadOnlyMemory<byte> json, string folderName)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json);
            return new PluginManifestReader().Read(document.RootElement, folderName);
        }
        // The second is what JsonElement throws for text that is no valid Unicode.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Broken($"It is no valid JSON: {exception.Message}");
        }
    }

    private static PluginManifestResult Broken(string problem) => new(null, [problem], []);

    private PluginManifestResult Read(JsonElement root, string folderName)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return Broken("It must hold one JSON object.");
        foreach (var field in root.EnumerateObject())
        {
            if (!s_fields.Contains(field.Name))
                _problems.Add($"The field '{field.Name}' is unknown. {NearestName.Advice(field.Name, s_fields)}");
            else if (!_values.TryAdd(field.Name, field.Value))
                _problems.Add($"The field '{field.Name}' stands there twice.");
        }

        var id = ReadId(folderName);
        var version = ReadText("version");
        var contract = ReadContract();
        var assembly = ReadAssembly();
        var provides = ReadProvides();
        var platforms = ReadPlatforms();
        var stability = ReadStability();
        var description = ReadText("description");
        if (_problems.Count > 0)
            return new PluginManifestResult(null, _problems, provides);
        return new PluginManifestResult(
            new PluginManifest
            {
                Id = id,
                Version = version!,
                Contract = contract,
                Assembly = assembly!,
                Provides = provides,
                Platforms = platforms,
                Stability = stability,
                Description = description!,
            },
            [],
            provides);
    }

    private PluginId ReadId(string folderName)
    {
        if (ReadText("id") is not { } text)
            return default;
        if (!PluginId.TryParse(text, out var id))
            _problems.Add($"The id '{text}' is no plugin id: expected lower-case letters, digits, '-' and '.', such as discovery.static.");
        else if (PluginCatalog.HostKeys.Contains(text))
            _problems.Add($"The id '{text}' is taken by a key of the configuration's section 'plugins'. Choose another.");
        else if (text != folderName)
            _problems.Add($"The id is '{text}', but the folder is named '{folderName}'. Rename the folder to '{text}'.");
        return id;
    }

    private ContractVersion ReadContract()
    {
        if (ReadText("contract") is not { } text)
            return default;
        if (!ContractVersion.TryParse(text, out var contract))
            _problems.Add($"The field 'contract' is '{text}', and must be a version of two numbers such as '{PluginContract.Version}'.");
        return contract;
    }

    private string? ReadAssembly()
    {
        var text = ReadText("assembly");
        if (text is not null && (Path.GetFileName(text) != text || !text.EndsWith(".dll", StringComparison.Ordinal)))
            _problems.Add($"The field 'assembly' is '{text}', and must be the name of a .dll in the plugin's folder, without a path.");
        return text;
    }

    private List<StrategyName> ReadProvides()
    {
        var provides = new List<StrategyName>();
        foreach (var text in ReadList("provides"))
        {
            if (!StrategyName.TryParse(text, out var name))
                _problems.Add($"The field 'provides' has '{text}', and must have entries such as 'discovery:dht': a kind ({string.Join(", ", StrategyName.Kinds)}), a colon, a name in lower case.");
            else if (provides.Contains(name))
                _problems.Add($"The field 'provides' has '{text}' twice.");
            else
                provides.Add(name);
        }
        return provides;
    }

    private List<string> ReadPlatforms()
    {
        var platforms = ReadList("platforms");
        foreach (var platform in platforms)
            if (!Platforms.Known.Contains(platform))
                _problems.Add($"The field 'platforms' has '{platform}', which is unknown. {NearestName.Advice(platform, Platforms.Known)}");
        return platforms;
    }

    private PluginStability ReadStability()
    {
        if (ReadText("stability") is not { } text)
            return default;
        var names = Array.ConvertAll(Enum.GetNames<PluginStability>(), KeyName.Of);
        var index = Array.IndexOf(names, text);
        if (index < 0)
            _problems.Add($"The field 'stability' is '{text}', which is unknown. {NearestName.Advice(text, names)}");
        return index < 0 ? default : Enum.GetValues<PluginStability>()[index];
    }

    private string? TextOf(string field) => _values.TryGetValue(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private string? ReadText(string field)
    {
        var text = TextOf(field);
        if (!_values.TryGetValue(field, out var value))
            _problems.Add($"The field '{field}' is missing.");
        else if (text is null)
            _problems.Add($"The field '{field}' must be a text, not {NameOf(value)}.");
        else if (string.IsNullOrWhiteSpace(text))
            _problems.Add($"The field '{field}' is empty.");
        else
            return text;
        return null;
    }

    private List<string> ReadList(string field)
    {
        if (!_values.TryGetValue(field, out var value))
            _problems.Add($"The field '{field}' is missing.");
        else if (value.ValueKind != JsonValueKind.Array)
            _problems.Add($"The field '{field}' must be a list of texts, not {NameOf(value)}.");
        else if (value.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String))
            _problems.Add($"The field '{field}' must be a list of texts alone.");
        else if (value.GetArrayLength() == 0)
            _problems.Add($"The field '{field}' is an empty list.");
        else
            return [.. value.EnumerateArray().Select(static item => item.GetString()!)];
        return [];
    }

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
