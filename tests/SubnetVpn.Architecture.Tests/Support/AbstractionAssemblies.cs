namespace SubnetVpn.Architecture.Tests.Support;

/// <summary>The assemblies of the folder <c>abstractions</c>.</summary>
internal static class AbstractionAssemblies
{
    public static IReadOnlyList<string> Names { get; } = [.. Repository.Files(".csproj", "abstractions").Select(project => Path.GetFileNameWithoutExtension(project)).Order(StringComparer.Ordinal)];
}
