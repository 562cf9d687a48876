using System.Reflection;
using SubnetVpn.Architecture.Tests.Support;

namespace SubnetVpn.Architecture.Tests.Style;

/// <summary>Rules of the house that no analyser knows.</summary>
public sealed class StyleTests
{
    private const int MostInterfaceMembers = 6;
    private const int MostLines = 400;

    // Joined, so that this file does not break its own rule.
    private static readonly string[] s_forbidden = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "Thread." + "Sleep(", "Create" + "Unbounded"];

    [Fact]
    public void Interfaces_OfAbstractions_HaveFewMembers()
    {
        var counts = AbstractionAssemblies.Names
            .SelectMany(name => Assembly.Load(name).GetExportedTypes())
            .Where(type => type.IsInterface)
            .Select(type => (type.FullName, Members: type.GetMembers().Count(member => member is not MethodInfo { IsSpecialName: true })));

        Assert.DoesNotContain(counts, count => count.Members > MostInterfaceMembers);
    }

    [Fact]
    public void SourceFiles_AreShort()
    {
        var lengths = Repository.Files(".cs").Select(file => (file, Lines: File.ReadLines(Repository.PathOf(file)).Count()));

        Assert.DoesNotContain(lengths, length => length.Lines > MostLines);
    }

    [Fact]
    public void SourceFiles_HoldNoForbiddenWords()
    {
        var found = Repository.Files(".cs")
            .SelectMany(file => File.ReadLines(Repository.PathOf(file)).Select((line, index) => (Place: $"{file}:{index + 1}", Line: line.Trim())))
            .Where(line => s_forbidden.Any(word => line.Line.Contains(word, StringComparison.Ordinal)));

        Assert.Empty(found);
    }

    [Fact]
    public void Projects_HaveAReadme()
    {
        // Of the tests one README tells; every other project has its own.
        var projects = Repository.Files(".csproj").Where(project => !project.StartsWith("tests/", StringComparison.Ordinal));

        Assert.All(projects, project => Assert.True(File.Exists(Repository.PathOf(Path.GetDirectoryName(project)!, "README.md")), $"{project} has no README.md beside it."));
    }

    [Fact]
    public void TopLevel_HoldsTheLayersAndNothingElse()
    {
        string[] known = ["abstractions", "core", "plugins", "hosts", "samples", "tests", "SubnetVpn.Modular.sln", "README.md", "CHANGELOG.md", "LICENSE", "global.json", "artifacts"];

        var unknown = Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path))
            .Where(name => !name.StartsWith('.') && !name.StartsWith("Directory.", StringComparison.Ordinal) && !known.Contains(name));

        Assert.Empty(unknown);
    }
}
