using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration.Yaml;

namespace SubnetVpn.Core.Hosting.Tests.Configuration;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: 1", "a=1")]
    [InlineData("a: {b: {c: x}}", "a:b:c=x")]
    [InlineData("a:\n  - x\n  - b: 1\n    c: 2\n", "a:0=x a:1:b=1 a:1:c=2")]
    [InlineData("a: []", "a=")]
    [InlineData("a: {}", "a=null")]
    [InlineData("a:\nb: ~\nc: null", "a=null b=null c=null")]
    [InlineData("a: ''\nb: \"null\"", "a= b=null-text")]
    [InlineData("discovery.static: {peers: []}", "discovery.static:peers=")]
    [InlineData("x: &x {k: 1, l: 2}\ny: *x\nz: {<<: *x, l: 3}", "x:k=1 x:l=2 y:k=1 y:l=2 z:k=1 z:l=3")]
    [InlineData("# nothing\n", "")]
    [InlineData("", "")]
    [InlineData("--- \na: 1\n...\n", "a=1")]
    public void Flatten_ValidText_GivesKeys(string yaml, string expected)
    {
        var data = new Dictionary<string, string?>();

        var root = YamlReader.Read(new StringReader(yaml), out var mistakes);
        YamlFlattener.Flatten(root!, data, new Dictionary<string, YamlPosition>());

        Assert.Empty(mistakes);
        var text = data.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={(pair.Value is "null" ? "null-text" : pair.Value ?? "null")}");
        Assert.Equal(expected, string.Join(' ', text));
    }

    [Theory]
    [InlineData("a: 1\nb: [1, 2\nc: 3\n", 2)]
    [InlineData("a: 1\n b: 2\n", 2)]
    [InlineData("a: 1\n\tb: 2\n", 1)]
    [InlineData("a: 'x\n", 1)]
    [InlineData("a: *x\n", 1)]
    [InlineData("a: &x [*x]\n", 1)]
    [InlineData("? [a]\n: b\n", 1)]
    public void Read_WrongSyntax_TellsLineAndReturnsNull(string yaml, long line)
    {
        var root = YamlReader.Read(new StringReader(yaml), out var mistakes);

        Assert.Null(root);
        Assert.Equal(line, Assert.Single(mistakes).Position.Line);
        Assert.StartsWith("not valid YAML: ", mistakes[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- a\n- b\n")]
    [InlineData("just text")]
    public void Read_NoMap_IsAMistake(string yaml)
    {
        Assert.Null(YamlReader.Read(new StringReader(yaml), out var mistakes));
        Assert.Contains("map of sections", Assert.Single(mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DuplicateKeys_TellsAllOfThem()
    {
        const string Yaml = "vpn:\n  mtu: 1\n  MTU: 2\nnode: {}\nvpn:\n  x: 1\n";

        var root = YamlReader.Read(new StringReader(Yaml), out var mistakes);

        Assert.NotNull(root);
        Assert.Equal([(3, 3, "'MTU' stands here twice: first in line 2"), (5, 1, "'vpn' stands here twice: first in line 1")],
            mistakes.Select(mistake => ((int)mistake.Position.Line, (int)mistake.Position.Column, mistake.Message)));
    }

    [Fact]
    public void Read_AliasesOfAliases_AreBounded()
    {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.Null(YamlReader.Read(new StringReader(yaml), out var mistakes));
        Assert.Contains("more than 100000 entries", Assert.Single(mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepNesting_IsBounded()
    {
        Assert.Null(YamlReader.Read(new StringReader("a: " + new string('[', 5000)), out var mistakes));
        Assert.Contains("deeper than 32", Assert.Single(mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RandomText_NeverThrows()
    {
        const string Alphabet = "ab:- \n\t[]{}&*!|>'\"%@`#?,<0.~";
        var random = new Random(20_261_121);

        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Create(random.Next(40), random, static (span, random) =>
            {
                foreach (ref var c in span)
                    c = Alphabet[random.Next(Alphabet.Length)];
            });
            var root = YamlReader.Read(new StringReader(text), out var mistakes);
            Assert.True(root is not null || mistakes.Count > 0, text);
        }
    }

    [Fact]
    public void AddYamlFile_ForAnyConfiguration_ReadsKeysAndTellsMistakes()
    {
        using var folder = new Support.TemporaryFolder();
        var good = folder.Write(".hidden/good.yaml", "vpn:\n  routes: [a, b]\n");
        var bad = folder.Write("bad.yaml", "a: 1\na: 2\n");

        var configuration = new ConfigurationBuilder().AddYamlFile(good).AddYamlFile(folder.File("missing.yaml"), optional: true).Build();
        var exception = Assert.Throws<InvalidDataException>(() => new ConfigurationBuilder().AddYamlFile(bad).Build());

        Assert.Equal("b", configuration["vpn:routes:1"]);
        Assert.Equal($"{bad}:2:1: 'a' stands here twice: first in line 1.", Assert.IsType<YamlFormatException>(exception.InnerException).Message);
    }
}
