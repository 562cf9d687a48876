using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Errors;

/// <summary>A folder with the configuration of one daemon that is not going to start.</summary>
internal sealed class ErrorFolder : IDisposable
{
    public string FolderPath { get; } = Directory.CreateTempSubdirectory("subnetvpn-error-").FullName;

    /// <summary>Puts the plugins beside the configuration, for a test that spoils one; the configuration that uses them.</summary>
    public string CopyPlugins(string yaml)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Plugins, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(FolderPath, "plugins", Path.GetRelativePath(Repository.Plugins, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return yaml.Replace("plugins:", "plugins:\n  directory: plugins", StringComparison.Ordinal);
    }

    /// <summary>Runs the daemon with this configuration; it must end by itself.</summary>
    public async Task<ExecResult> RunDaemonAsync(string yaml, params string[] arguments)
    {
        var configuration = Path.Combine(FolderPath, "node.yaml");
        var absolute = yaml.Replace("identity.key", Path.Combine(FolderPath, "identity.key"), StringComparison.Ordinal)
            .Replace("control.sock", Path.Combine(FolderPath, "control.sock"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(configuration, absolute, TestContext.Current.CancellationToken);
        return await Exec.RunAsync(Repository.Daemon, ["--config", configuration, .. arguments], TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
