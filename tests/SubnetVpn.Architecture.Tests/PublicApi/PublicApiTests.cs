using System.Reflection;
using SubnetVpn.Architecture.Tests.Support;
using SubnetVpn.TestKit.Approval;

namespace SubnetVpn.Architecture.Tests.PublicApi;

/// <summary>The public API of the abstractions changes only when somebody approves it.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Assemblies => [.. AbstractionAssemblies.Names];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void PublicApi_IsAsApproved(string name) =>
        ApprovedFile.Verify(Repository.PathOf("tests", "SubnetVpn.Architecture.Tests", "Approved", name + ".txt"), ApiDump.Of(Assembly.Load(name)));

    [Fact]
    public void Approved_HasNoFileOfAnAssemblyThatIsGone() =>
        Assert.Equal(AbstractionAssemblies.Names, Repository.Files(".txt", "tests/SubnetVpn.Architecture.Tests/Approved").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Fact]
    public void ApiDump_EveryKindOfMember_IsShown()
    {
        var lines = ApiDump.Of(typeof(PluginSample).Assembly).Split('\n').Where(line => line.Contains("PluginSample", StringComparison.Ordinal));

        const string Name = "SubnetVpn.Architecture.Tests.PublicApi.PluginSample";
        Assert.Equal(
            [
                $"{Name} : abstract class, System.IDisposable",
                $"{Name}.Dispose() -> System.Void",
                $"{Name}.Find<T> where T : class, System.IDisposable, new() (in System.Int32 key, out System.String text, params T[] others) -> System.Boolean",
                $"{Name}.Item[System.Int32 index] {{ get; }} -> System.Int32",
                $"{Name}.Name {{ get; }} -> System.String",
                $"{Name}.Size {{ get; init; }} -> System.Int32?",
                $"{Name}.const Limit = 5 -> System.Int32",
                $"{Name}.event Changed -> System.EventHandler",
                $"{Name}.new(System.String name = \"x\")",
                $"{Name}.override ToString() -> System.String",
                $"{Name}.protected abstract Run(System.Collections.Generic.IReadOnlyList<System.String> names) -> System.Threading.Tasks.Task",
                $"{Name}.required Id {{ get; set; }} -> System.String",
                $"{Name}.static op_Equality({Name} left, {Name} right) -> System.Boolean",
                $"{Name}.static op_Inequality({Name} left, {Name} right) -> System.Boolean",
            ],
            lines);
    }
}
