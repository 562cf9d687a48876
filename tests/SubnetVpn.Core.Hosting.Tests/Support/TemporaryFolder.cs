namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>A folder for one test, removed with all it holds.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("svpn-").FullName;

    public string File(string name) => Path.Combine(FullPath, name);

    public string Write(string name, string text)
    {
        var file = File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
