namespace SubnetVpn.Cli.Demo;

/// <summary>A folder for configurations, identities and sockets of the demo; removed at its end.</summary>
internal sealed class DemoFolder : IDisposable
{
    // Private to the user (mode 0700) from the start: it holds keys. Short, because sockets have short names.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("svpn-demo-");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
