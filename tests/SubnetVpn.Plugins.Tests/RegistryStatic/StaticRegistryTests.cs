using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins.Tests.Examples;
using SubnetVpn.Registry.Static;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.RegistryStatic;

public sealed class StaticRegistryTests : IDisposable
{
    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    private readonly string _file = Path.GetTempFileName();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task FindHolder_FileChanges_IsReadAgainAfterASecond()
    {
        Write($"10.0.0.2: {s_two}");
        var registry = Create();

        Write($"10.0.0.2: {s_three}", "# longer");
        var before = await FindAsync(registry, "10.0.0.2");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((s_two, s_three), (before, await FindAsync(registry, "10.0.0.2")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FindHolder_ChangedFileIsWrongOrGone_WhatHeldHolds(bool isGone)
    {
        Write($"10.0.0.2: {s_two}");
        var registry = Create();

        if (isGone)
            File.Delete(_file);
        else
            Write($"10.0.0.2: {s_three}", "nonsense");
        _time.Advance(TimeSpan.FromSeconds(1));
        var meanwhile = await FindAsync(registry, "10.0.0.2");
        Write($"10.0.0.2: {s_three}");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((s_two, s_three), (meanwhile, await FindAsync(registry, "10.0.0.2")));
    }

    [Fact]
    public async Task FindHolder_Subnet_IsOfThePeerWithItsAddresses()
    {
        Write($"192.168.7.0/24: {s_two}", $"192.168.7.0/25: {s_two}", $"192.168.7.9: {s_two}");
        var registry = Create();

        foreach (var address in new[] { "192.168.7.0", "192.168.7.9", "192.168.7.200" })
        {
            var mapping = (await registry.FindHolderAsync(VirtualIp.Parse(address), CancellationToken.None)).Mapping!;
            Assert.Equal(s_two, mapping.Peer);
            Assert.Contains(IpPrefix.Parse("192.168.7.0/24"), mapping.Prefixes);
        }
        Assert.Null(await FindAsync(registry, "192.168.8.0"));
    }

    [Fact]
    public void Create_FileIsWrong_TellsEveryMistakeWithFileAndLine()
    {
        Write($"10.0.0.2: {s_two}", "nonsense", "10.0.0.3: nobody");

        var exception = Assert.Throws<VpnException>(Create);

        Assert.Equal(VpnErrorReason.Configuration, exception.Reason);
        Assert.Contains($"{_file}, line 2: 'nonsense' is not of the form", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{_file}, line 3: 'nobody' is not a peer id", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoFile_SaysSo()
    {
        File.Delete(_file);

        var exception = Assert.Throws<VpnException>(Create);

        Assert.Equal(VpnErrorReason.Configuration, exception.Reason);
        Assert.Contains($"{_file} cannot be read", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ file: addresses }")]
    public void Options_NoFullPath_IsAMistake(string section)
    {
        List<ConfigurationMistake> mistakes = [];
        StrictBinder.Bind<StaticRegistryOptions>(YamlText.Read($$"""plugins: { registry.static: {{section}} }""").GetSection("plugins:registry.static"), mistakes);

        var mistake = Assert.Single(mistakes);
        Assert.Equal("plugins:registry.static:file", mistake.Path);
        Assert.Contains("must be the full path of a file", mistake.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private static async Task<PeerId?> FindAsync(StaticRegistry registry, string address) =>
        (await registry.FindHolderAsync(VirtualIp.Parse(address), CancellationToken.None)).Mapping?.Peer;

    private void Write(params string[] lines) => File.WriteAllLines(_file, lines);

    private StaticRegistry Create() => new(new StaticRegistryOptions { File = _file }, _time, NullLogger<StaticRegistry>.Instance);
}
