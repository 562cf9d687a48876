using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>A copy of the built product that every user of the machine can run, wherever the repository is.</summary>
internal sealed class ProductForAll : IDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("subnetvpn-product-").FullName;

    public string Daemon => Path.Combine(_folder, Path.GetRelativePath(Artifacts, Repository.Daemon));

    public string Cli => Path.Combine(_folder, Path.GetRelativePath(Artifacts, Repository.Cli));

    /// <summary>A folder that every user can write to.</summary>
    public string Home => Path.Combine(_folder, "home");

    private static string Artifacts => Path.Combine(Repository.Root, "artifacts");

    public static ProductForAll Create()
    {
        var product = new ProductForAll();
        foreach (var folder in new[] { Path.GetDirectoryName(Repository.Daemon)!, Path.GetDirectoryName(Repository.Cli)!, Repository.Plugins })
        {
            product.Copy(folder);
        }

        File.SetUnixFileMode(product._folder, Readable);
        Directory.CreateDirectory(product.Home);
        File.SetUnixFileMode(product.Home, Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        return product;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Copy(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(Artifacts, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
