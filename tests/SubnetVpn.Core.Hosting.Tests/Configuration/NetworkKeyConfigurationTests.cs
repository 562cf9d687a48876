using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Configuration;

public sealed class NetworkKeyConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Key_Missing_IsNone() => Assert.Null(Load("")[0].Settings.NetworkKey);

    [Fact]
    public void Key_Open_FollowsFromTheNameOfTheNetwork()
    {
        var networks = Load("  network_key: open\n");

        Assert.Equal(NetworkKey.Open("default"), networks[0].Settings.NetworkKey);
    }

    [Fact]
    public void Key_RelativePath_IsBesideTheConfiguration()
    {
        var key = NetworkKeyFile.Create(_folder.File("keys/home.key"));

        Assert.Equal(key, Load("  network_key: keys/home.key\n")[0].Settings.NetworkKey);
    }

    [Fact]
    public void Key_FullPath_IsTaken()
    {
        var key = NetworkKeyFile.Create(_folder.File("home.key"));

        Assert.Equal(key, Load($"  network_key: {_folder.File("home.key")}\n")[0].Settings.NetworkKey);
    }

    [Theory]
    [InlineData("none.key", "There is no network key file")]
    [InlineData("''", "must be a file, or the word 'open'")]
    [InlineData(".", "is a directory")]
    [InlineData("bad.key", "holds no network key")]
    public void Key_Wrong_IsAMistakeOfTheKey(string value, string rule)
    {
        File.WriteAllText(_folder.File("bad.key"), "bad\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.File("bad.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        AssertMistake(value, rule);
    }

    [Fact]
    public void Key_OpenToOthers_SaysHowToMend()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no such modes");
        NetworkKeyFile.Create(_folder.File("home.key"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.File("home.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        AssertMistake("home.key", "chmod 600");
    }

    private void AssertMistake(string value, string rule)
    {
        var mistake = Assert.Single(Assert.Throws<ConfigurationException>(() => Load($"  network_key: {value}\n")).Mistakes);

        Assert.Equal("vpn:network_key", mistake.Path);
        Assert.Equal(value.Trim('\''), mistake.Value);
        Assert.Contains(rule, mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", mistake.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<NetworkConfiguration> Load(string line)
    {
        var file = _folder.Write("node.yaml", $"vpn:\n  virtual_ip: 10.0.0.1\n{line}");
        return ConfigurationLoader.Load(new ConfigurationInputs { File = file }).Networks;
    }
}
