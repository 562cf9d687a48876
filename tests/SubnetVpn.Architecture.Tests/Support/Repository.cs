using System.Reflection;

namespace SubnetVpn.Architecture.Tests.Support;

/// <summary>The source tree from which these tests were built.</summary>
internal static class Repository
{
    private static readonly string[] s_notSource = ["artifacts", "bin", "obj", "node_modules", ".git"];

    public static string Root { get; } =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!.TrimEnd('/');

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The files of the source tree, relative to its root, without what a build or a package manager made.</summary>
    public static IEnumerable<string> Files(string extension = "", string under = "") =>
        FilesOf(PathOf(under)).Where(file => file.EndsWith(extension, StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesOf(string directory) =>
        Directory.EnumerateFiles(directory)
            .Concat(Directory.EnumerateDirectories(directory).Where(inner => !s_notSource.Contains(Path.GetFileName(inner))).SelectMany(FilesOf));
}
