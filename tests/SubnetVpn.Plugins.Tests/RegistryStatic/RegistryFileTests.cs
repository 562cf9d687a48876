using SubnetVpn.Registry.Static;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.RegistryStatic;

public sealed class RegistryFileTests
{
    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    [Fact]
    public void Read_Good_HasEverything()
    {
        var entries = RegistryFile.Read(
            ["# who", "", $"10.0.0.2: {s_two}", $"  fd00::2 :{s_two}  # both", $"192.168.7.0/24: {s_two}", $"192.168.7.9: {s_two}", $"10.0.0.3:{s_three}\r"], out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(
            [("10.0.0.2/32", s_two, 3), ("fd00::2/128", s_two, 4), ("192.168.7.0/24", s_two, 5), ("192.168.7.9/32", s_two, 6), ("10.0.0.3/32", s_three, 7)],
            entries.Select(static entry => (entry.Prefix.ToString(), entry.Peer, entry.Line)));
    }

    [Theory]
    [InlineData("10.0.0.2", "line 2: '10.0.0.2' is not of the form ADDRESS: PEER")]
    [InlineData(": TWO", "line 2: ': TWO' is not of the form ADDRESS: PEER")]
    [InlineData("10.0.0.2 TWO", "is not of the form ADDRESS: PEER")]
    [InlineData("10.0.0: TWO", "line 2: '10.0.0' is neither a virtual IP")]
    [InlineData("10.0.0.0/33: TWO", "'10.0.0.0/33' is neither a virtual IP")]
    [InlineData("10.0.0.2: two", "line 2: 'two' is not a peer id")]
    [InlineData("10.0.0.2:", "line 2: '' is not a peer id")]
    [InlineData("fd00::2", "'fd00::2' is not of the form ADDRESS: PEER")]
    [InlineData("10.0.0.9: THREE", "line 2: 10.0.0.9 stands in line 1 already.")]
    [InlineData("10.0.0.0/8: THREE", "line 1: 10.0.0.9 lies in 10.0.0.0/8 of line 2, which another peer holds.")]
    public void Read_OneLineIsWrong_SaysWhichAndWhy(string line, string mistake)
    {
        RegistryFile.Read([$"10.0.0.9: {s_two}", Fill(line), $"10.99.0.1: {s_two}"], out var mistakes);

        Assert.Contains(mistakes, found => found.Contains(Fill(mistake), StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ManyMistakes_AreToldAtOnceButNotAll()
    {
        RegistryFile.Read(Enumerable.Repeat("nonsense", 1000), out var mistakes);

        Assert.Equal(20, mistakes.Count);
        Assert.StartsWith("line 20: ", mistakes[^1], StringComparison.Ordinal);
    }

    private static string Fill(string text) =>
        text.Replace("TWO", s_two.ToString(), StringComparison.Ordinal).Replace("THREE", s_three.ToString(), StringComparison.Ordinal);
}
