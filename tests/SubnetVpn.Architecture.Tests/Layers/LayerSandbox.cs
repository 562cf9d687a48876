using SubnetVpn.Architecture.Tests.Support;

namespace SubnetVpn.Architecture.Tests.Layers;

/// <summary>
/// A small tree with the layers of the repository and its real build files, in which projects may break the rules. All are
/// checked in one run of MSBuild; each test looks at what was said of its project.
/// </summary>
public sealed class LayerSandbox : IAsyncLifetime
{
    private static readonly string[] s_buildFiles =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".build/LayerRules.targets", ".build/AheadOfTime.targets", ".build/BannedSymbols.txt",
        "abstractions/Directory.Build.props", "core/Directory.Build.props", "plugins/Directory.Build.props", "plugins/Directory.Build.targets", "hosts/Directory.Build.props",
    ];

    private readonly List<string> _projects = [];

    /// <summary>Where the tree is.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("subnetvpn-layers-").FullName;

    /// <summary>What the run printed.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>The codes of the errors that were told of a project, such as <c>SVPN0001</c>.</summary>
    public IReadOnlyList<string> ErrorsOf(string project) =>
    [
        .. Lines.Where(line => line.Contains($"/{project}.csproj]", StringComparison.Ordinal) && line.Contains("error", StringComparison.Ordinal))
            .Select(line => line.Split("error ")[1].Split(':')[0]),
    ];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        foreach (var file in s_buildFiles)
            Write(file, await File.ReadAllTextAsync(Repository.PathOf(file)));
        foreach (var layer in LayerCase.Targets)
            AddProject(layer, "");
        foreach (var plugin in new[] { "Plugin", "OtherPlugin" })
            Write($"plugins/{plugin}/plugin.json", $$"""{ "id": "{{plugin.ToLowerInvariant()}}" }""");
        foreach (var layerCase in LayerCase.All)
        {
            AddProject($"{layerCase.Layer}/{layerCase.Name}", layerCase.Item);
            if (layerCase.Layer == "plugins")
                Write($"plugins/{layerCase.Name}/plugin.json", """{ "id": "case" }""");
        }
        Write("all.proj", $"""
            <Project>
              <Target Name="CheckAll">
                <ItemGroup><Case Include="{string.Join(';', _projects)}" /></ItemGroup>
                <MSBuild Projects="@(Case)" Targets="CheckLayerRules" ContinueOnError="true" />
                <Message Importance="high" Text="checked @(Case->Count())" />
              </Target>
            </Project>
            """);
        (_, Lines) = await MsBuild.RunAsync(Root, "msbuild", "all.proj", "-t:CheckAll");
        Assert.Contains($"checked {_projects.Count}", Lines);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void AddProject(string path, string item)
    {
        var project = $"{path}/{Path.GetFileName(path)}.csproj";
        _projects.Add(project);
        Write(project, $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{item}</ItemGroup></Project>""");
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
