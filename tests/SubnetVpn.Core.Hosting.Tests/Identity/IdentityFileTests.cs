using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Tests.Identity;

public sealed class IdentityFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The Ed25519 key of the test vectors in the libp2p specification, peer-ids/peer-ids.md.
    private const string Seed = "7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d";
    private const string Public = "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
    private const string Id = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";

    private readonly TemporaryFolder _folder = new();

    private string KeyFile => _folder.File("identity.key");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("08011240" + Seed + Public)]
    [InlineData("08011260" + Seed + Public + Public)]
    [InlineData("08011220" + Seed)]
    public void Load_KnownKeyInEachForm_GivesItsIdentity(string hex)
    {
        Write(Convert.ToBase64String(Convert.FromHexString(hex)) + "\n");

        using var identity = IdentityFile.Load(KeyFile);

        Assert.Equal(Id, identity.Id.ToString());
        Assert.Equal("08011220" + Public, Convert.ToHexStringLower(identity.PublicKey.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public void Load_OtherLineEnd_IsTheSame(string end)
    {
        Write(Convert.ToBase64String(Convert.FromHexString("08011240" + Seed + Public)) + end);

        using var identity = IdentityFile.Load(KeyFile);

        Assert.Equal(Id, identity.Id.ToString());
    }

    [Fact]
    public void Create_NewFile_IsOneLineForTheOwnerOnlyAndLoads()
    {
        using var created = IdentityFile.Create(KeyFile);

        var content = File.ReadAllText(KeyFile);
        var message = Convert.FromBase64String(content.TrimEnd('\n'));
        Assert.EndsWith("\n", content, StringComparison.Ordinal);
        Assert.Equal(1, content.Count(character => character == '\n'));
        Assert.Equal(68, message.Length);
        Assert.Equal("08011240", Convert.ToHexStringLower(message.AsSpan(0, 4)));
        using var loaded = IdentityFile.Load(KeyFile);
        Assert.Equal(created.Id, loaded.Id);
        Assert.Equal(created.Sign([1, 2, 3]), loaded.Sign([1, 2, 3]));
        Assert.Equal(["identity.key"], _folder.Names());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void Create_MissingFolders_AreMade()
    {
        var path = Path.Combine(_folder.File("a"), "b", "identity.key");

        using var created = IdentityFile.Create(path);

        using var loaded = IdentityFile.Load(path);
        Assert.Equal(created.Id, loaded.Id);
    }

    [Fact]
    public void Create_FileIsThere_KeepsIt()
    {
        using var first = IdentityFile.Create(KeyFile);

        var fault = Assert.Throws<IdentityException>(() => IdentityFile.Create(KeyFile));

        Check(fault, IdentityFault.AlreadyExists, "--force");
        using var loaded = IdentityFile.Load(KeyFile);
        Assert.Equal(first.Id, loaded.Id);
        Assert.Equal(["identity.key"], _folder.Names());
    }

    [Fact]
    public void Create_Forced_ReplacesIt()
    {
        Write("old");

        using var second = IdentityFile.Create(KeyFile, overwrite: true);

        using var loaded = IdentityFile.Load(KeyFile);
        Assert.Equal(second.Id, loaded.Id);
        Assert.Equal(["identity.key"], _folder.Names());
    }

    [Fact]
    public void Create_LinkToNothing_KeepsIt()
    {
        File.CreateSymbolicLink(KeyFile, _folder.File("elsewhere"));

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Create(KeyFile)), IdentityFault.AlreadyExists, "--force");
    }

    [Fact]
    public async Task Create_ManyAtOnce_OneWinsAndItsFileIsWhole()
    {
        using var start = new ManualResetEventSlim();
        var attempts = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait(TestContext.Current.CancellationToken);
                using var identity = IdentityFile.LoadOrCreate(KeyFile);
                return identity.Id;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();

        start.Set();

        Assert.Single((await Task.WhenAll(attempts)).Distinct());
        Assert.Equal(["identity.key"], _folder.Names());
    }

    [Fact]
    public void Create_PlaceThatCannotHoldFiles_SaysSo()
    {
        Write("not a folder");
        var path = Path.Combine(KeyFile, "identity.key");

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Create(path)), IdentityFault.NotWritable, "Choose another place");
    }

    [Fact]
    public void LoadOrCreate_Twice_GivesTheSameIdentity()
    {
        using var first = IdentityFile.LoadOrCreate(KeyFile);
        using var second = IdentityFile.LoadOrCreate(KeyFile);

        Assert.Equal(first.Id, second.Id);
    }

    [Fact]
    public void LoadOrCreate_DamagedFile_DoesNotReplaceIt()
    {
        Write("damaged");

        Check(Assert.Throws<IdentityException>(() => IdentityFile.LoadOrCreate(KeyFile)), IdentityFault.Malformed, "keygen --force");
        Assert.Equal("damaged", File.ReadAllText(KeyFile));
    }

    [Fact]
    public void Load_NoFile_SaysHowToMakeOne()
    {
        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.NotFound, "subnetvpn keygen --out");
    }

    [Fact]
    public void Load_Folder_SaysSo()
    {
        Directory.CreateDirectory(KeyFile);

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.Unreadable, "is a directory");
    }

    [Fact]
    public void Load_ReadFails_SaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file whose reading fails, which Linux has");

        // Nothing is mapped at address 0, so reading there is an error, for root too.
        Assert.Equal(IdentityFault.Unreadable, Assert.Throws<IdentityException>(() => IdentityFile.Load("/proc/self/mem")).Fault);
    }

    [Fact]
    public void Load_FileOfAnotherUser_SaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "root may read every file");
        Write("x");
        SetMode(UnixFileMode.None);

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.Unreadable, "chown");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.GroupWrite, "0620")]
    [InlineData(UnixFileMode.OtherExecute, "0601")]
    public void Load_OpenToOthers_IsRefused(UnixFileMode extra, string shown)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no such modes");
        IdentityFile.Create(KeyFile).Dispose();
        SetMode(OwnerOnly | extra);

        var fault = Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile));

        Check(fault, IdentityFault.OpenPermissions, $"chmod 600 '{KeyFile}'");
        Assert.Contains(shown, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("08")]
    [InlineData("08011240" + Seed)]
    [InlineData("08011240" + Seed + Seed)]
    [InlineData("08011260" + Seed + Public + Seed)]
    [InlineData("08011220" + Seed + "00")]
    [InlineData("0801121f" + "7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee")]
    [InlineData("08051220" + Seed)]
    [InlineData("08011280" + Seed + Public + Public + Public)]
    public void Load_NoEd25519Key_IsRefused(string hex)
    {
        Write(Convert.ToBase64String(Convert.FromHexString(hex)));

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.Malformed, "holds no private key");
    }

    [Fact]
    public void Load_NoBase64_IsRefused()
    {
        Write("-----BEGIN PRIVATE KEY-----");

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.Malformed, "holds no private key");
    }

    [Fact]
    public void Load_HugeFile_IsRefused()
    {
        Write(new string('A', 1_000_000));

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.Malformed, "holds no private key");
    }

    // The first: secp256k1, from the table in the libp2p specification; the second: how an RSA key begins there.
    [Theory]
    [InlineData("0802122053DADF1D5A164D6B4ACDB15E24AA4C5B1D3461BDBD42ABEDB0A4404D56CED8FB")]
    [InlineData("080012ae123082092a0201000282020100e1beab071d08200bde24eef00d049449b07770ff9910257b2d7d5dda242ce8f0e2f12e1af4b32d9efd2c090f66b0f29986dbb645dae9880089704a94e5066d594162ae6ee8892e6ec70701db0a6c445c04778eb3de1293aa1a23c3825b85c6620a2bc3f82f9b0c309bc0ab3aeb1873282bebd3da03c33e76c21e9beb172fd44c9e43be32e2c99827033cf8d0f0c606f4579326c930eb4e854395ad94125654")]
    public void Load_OtherKindOfKey_SaysSo(string hex)
    {
        Write(Convert.ToBase64String(Convert.FromHexString(hex)));

        Check(Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)), IdentityFault.UnsupportedKeyType, "another kind than Ed25519");
    }

    [Fact]
    public void Load_Noise_IsNeverAnythingButAnIdentityException()
    {
        var random = new Random(1);
        var valid = Convert.FromHexString("08011240" + Seed + Public);
        for (var round = 0; round < 300; round++)
        {
            var bytes = (byte[])valid.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            Write(round % 2 == 0 ? Convert.ToBase64String(bytes) : System.Text.Encoding.Latin1.GetString(bytes));

            var fault = Assert.Throws<IdentityException>(() => IdentityFile.Load(KeyFile)).Fault;

            Assert.Contains(fault, new[] { IdentityFault.Malformed, IdentityFault.UnsupportedKeyType });
        }
    }

    private void Write(string content)
    {
        File.WriteAllText(KeyFile, content);
        SetMode(OwnerOnly);
    }

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, mode);
        }
    }

    private void Check(IdentityException exception, IdentityFault fault, string mend)
    {
        Assert.Equal(fault, exception.Fault);
        Assert.Equal(VpnErrorReason.Identity, exception.Reason);
        Assert.Contains(KeyFile, exception.Message, StringComparison.Ordinal);
        Assert.Contains(mend, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
