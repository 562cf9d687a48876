using System.Security.Cryptography;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Tests.Identity;

public sealed class NetworkKeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    private string KeyFile => _folder.File("network.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_NewFile_IsOneLineForTheOwnerOnlyAndLoads()
    {
        var created = NetworkKeyFile.Create(KeyFile);

        var content = File.ReadAllText(KeyFile);
        Assert.EndsWith("\n", content, StringComparison.Ordinal);
        Assert.Equal(NetworkKey.FromSecret(Convert.FromBase64String(content)), created);
        Assert.Equal(created, NetworkKeyFile.Load(KeyFile));
        Assert.True(created.IsSecret);
        Assert.Equal(["network.key"], _folder.Names());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void Create_Twice_KeepsTheFirstUnlessForced()
    {
        var first = NetworkKeyFile.Create(KeyFile);

        var fault = Assert.Throws<IdentityException>(() => NetworkKeyFile.Create(KeyFile));
        Assert.Equal(first, NetworkKeyFile.Load(KeyFile));
        var second = NetworkKeyFile.Create(KeyFile, overwrite: true);

        Check(fault, IdentityFault.AlreadyExists, "keygen --network --force");
        Assert.NotEqual(first, second);
        Assert.Equal(second, NetworkKeyFile.Load(KeyFile));
    }

    [Fact]
    public void Create_SecretOfAnotherMember_IsTheSameKey()
    {
        var secret = RandomNumberGenerator.GetBytes(NetworkKey.SecretLength);
        var read = new byte[NetworkKey.SecretLength];

        NetworkKeyFile.Create(KeyFile, secret);
        NetworkKeyFile.Read(KeyFile, read);

        Assert.Equal(secret, read);
        Assert.Equal(NetworkKey.FromSecret(secret), NetworkKeyFile.Load(KeyFile));
    }

    [Fact]
    public void Load_NoFile_SaysWhereToTakeOneFrom()
    {
        var fault = Assert.Throws<IdentityException>(() => NetworkKeyFile.Load(KeyFile));

        Check(fault, IdentityFault.NotFound, "subnetvpn keygen --network --out");
        Assert.Contains("subnetvpn invite", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Folder_SaysSo()
    {
        Directory.CreateDirectory(KeyFile);

        Check(Assert.Throws<IdentityException>(() => NetworkKeyFile.Load(KeyFile)), IdentityFault.Unreadable, "is a directory");
    }

    [Fact]
    public void Load_OpenToOthers_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no such modes");
        NetworkKeyFile.Create(KeyFile);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyFile, OwnerOnly | UnixFileMode.GroupRead);

        Check(Assert.Throws<IdentityException>(() => NetworkKeyFile.Load(KeyFile)), IdentityFault.OpenPermissions, $"chmod 600 '{KeyFile}'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")] // 31 bytes
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // 33 bytes
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAAAA")]
    public void Load_NoKey_IsRefused(string content)
    {
        File.WriteAllText(KeyFile, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyFile, OwnerOnly);

        Check(Assert.Throws<IdentityException>(() => NetworkKeyFile.Load(KeyFile)), IdentityFault.Malformed, "holds no network key");
    }

    private void Check(IdentityException exception, IdentityFault fault, string mend)
    {
        Assert.Equal(fault, exception.Fault);
        Assert.Contains(KeyFile, exception.Message, StringComparison.Ordinal);
        Assert.Contains(mend, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
