using SubnetVpn.Architecture.Tests.Support;

namespace SubnetVpn.Architecture.Tests.Layers;

/// <summary>The target that keeps the layers apart does so: it is tested as it stands, on projects that break its rules.</summary>
public sealed class LayerRulesTests(LayerSandbox sandbox) : IClassFixture<LayerSandbox>
{
    public static TheoryData<string> Forbidden => [.. LayerCase.All.Where(layerCase => layerCase.Error.Length > 0).Select(layerCase => layerCase.Name)];

    public static TheoryData<string> Allowed => [.. LayerCase.All.Where(layerCase => layerCase.Error.Length == 0).Select(layerCase => layerCase.Name)];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void CheckLayerRules_ForbiddenReference_IsAnError(string name) =>
        Assert.Equal([LayerCase.All.Single(layerCase => layerCase.Name == name).Error], sandbox.ErrorsOf(name));

    [Theory]
    [MemberData(nameof(Allowed))]
    public void CheckLayerRules_AllowedReference_Passes(string name) => Assert.Empty(sandbox.ErrorsOf(name));

    [Fact]
    public void CheckLayerRules_Error_SaysWhatIsAllowed() =>
        Assert.Contains(sandbox.Lines, line => line.Contains(
            "PluginToCore is in the layer 'plugins' and must not reference Core (layer 'core'). Allowed: abstractions, private. Meet through a contract in abstractions instead.",
            StringComparison.Ordinal));

    [Fact]
    public async Task Build_ForbiddenReference_Fails()
    {
        // Not the target by itself, but a build as anybody runs it.
        var (exitCode, lines) = await MsBuild.RunAsync(sandbox.Root, "build", "core/CoreToPlugin/CoreToPlugin.csproj", "-p:NuGetAudit=false");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(lines, line => line.Contains("error SVPN0001: CoreToPlugin ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryProject_HasALayerAndTheTarget()
    {
        var projects = Repository.Files(".csproj").ToList();
        Assert.NotEmpty(projects);
        var directory = Directory.CreateTempSubdirectory("subnetvpn-projects-");
        try
        {
            var inject = Path.Combine(directory.FullName, "inject.targets");
            await File.WriteAllTextAsync(inject, """
                <Project><Target Name="ReportLayer" DependsOnTargets="CheckLayerRules"><Message Importance="high" Text="layer of $(MSBuildProjectFullPath) is '$(ProjectLayer)'" /></Target></Project>
                """, TestContext.Current.CancellationToken);
            var all = Path.Combine(directory.FullName, "all.proj");
            await File.WriteAllTextAsync(all, $"""
                <Project><Target Name="ReportAll"><MSBuild Projects="{string.Join(';', projects.Select(project => Repository.PathOf(project)))}" Targets="ReportLayer" Properties="CustomAfterMicrosoftCommonTargets={inject}" /></Target></Project>
                """, TestContext.Current.CancellationToken);

            var (exitCode, lines) = await MsBuild.RunAsync(directory.FullName, "msbuild", all, "-t:ReportAll");

            Assert.True(exitCode == 0, string.Join('\n', lines));
            Assert.Equal(
                projects.Select(project => $"layer of {Repository.PathOf(project)} is '{project.Split('/')[0]}'"),
                lines.Where(line => line.StartsWith("layer of ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        var solution = File.ReadAllText(Repository.PathOf("SubnetVpn.Modular.sln")).Replace('\\', '/');

        Assert.All(Repository.Files(".csproj"), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }
}
