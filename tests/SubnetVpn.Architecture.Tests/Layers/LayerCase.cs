namespace SubnetVpn.Architecture.Tests.Layers;

/// <summary>A project that refers to something, and what the rules say of it.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Item">The reference, as it stands in the csproj.</param>
/// <param name="Error">The error that is expected; empty when the reference is allowed.</param>
public sealed record LayerCase(string Name, string Layer, string Item, string Error = "")
{
    private const string LayerError = "SVPN0001";
    private const string PackageError = "SVPN0002";

    /// <summary>Projects that cases refer to.</summary>
    public static IReadOnlyList<string> Targets { get; } =
        ["abstractions/Contracts", "core/Core", "plugins/Plugin", "plugins/OtherPlugin", "plugins/PrivateLibrary", "hosts/Host", "samples/Sample", "tests/Kit"];

    /// <summary>All cases.</summary>
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new("AbstractionsToCore", "abstractions", To("core/Core"), LayerError),
        new("AbstractionsToPlugin", "abstractions", To("plugins/Plugin"), LayerError),
        new("AbstractionsToPackage", "abstractions", Package("Newtonsoft.Json"), PackageError),
        new("AbstractionsToExtensionsImplementation", "abstractions", Package("Microsoft.Extensions.Logging"), PackageError),
        new("AbstractionsToAbstractions", "abstractions", To("abstractions/Contracts")),
        new("AbstractionsToExtensionsAbstractions", "abstractions", Package("Microsoft.Extensions.Logging.Abstractions")),
        new("AbstractionsToBuildOnlyPackage", "abstractions", """<PackageReference Include="Newtonsoft.Json" PrivateAssets="all" />"""),
        new("CoreToPlugin", "core", To("plugins/Plugin"), LayerError),
        new("CoreToPrivateLibrary", "core", To("plugins/PrivateLibrary"), LayerError),
        new("CoreToHost", "core", To("hosts/Host"), LayerError),
        new("CoreToTests", "core", To("tests/Kit"), LayerError),
        new("CoreToCoreAndAbstractions", "core", To("core/Core") + To("abstractions/Contracts") + Package("Newtonsoft.Json")),
        new("PluginToCore", "plugins", To("core/Core"), LayerError),
        new("PluginToPlugin", "plugins", To("plugins/OtherPlugin"), LayerError),
        new("PluginToHost", "plugins", To("hosts/Host"), LayerError),
        new("PluginToAbstractionsAndPrivateLibrary", "plugins", To("abstractions/Contracts") + To("plugins/PrivateLibrary") + Package("Newtonsoft.Json")),
        new("HostToPlugin", "hosts", To("plugins/Plugin"), LayerError),
        new("HostToTests", "hosts", To("tests/Kit"), LayerError),
        new("HostToCoreAndAbstractions", "hosts", To("core/Core") + To("abstractions/Contracts")),
        new("HostBuildsPluginBefore", "hosts", """<ProjectReference Include="$(RepositoryRoot)plugins/Plugin/Plugin.csproj" ReferenceOutputAssembly="false" Private="false" />"""),
        new("SampleToPlugin", "samples", To("plugins/Plugin"), LayerError),
        new("SampleToHost", "samples", To("hosts/Host"), LayerError),
        new("SampleToCoreAndAbstractions", "samples", To("core/Core") + To("abstractions/Contracts")),
        new("TestsToAnything", "tests", To("plugins/Plugin") + To("core/Core") + To("hosts/Host")),
    ];

    private static string To(string project) => $"""<ProjectReference Include="$(RepositoryRoot){project}/{Path.GetFileName(project)}.csproj" />""";

    private static string Package(string name) => $"""<PackageReference Include="{name}" />""";
}
