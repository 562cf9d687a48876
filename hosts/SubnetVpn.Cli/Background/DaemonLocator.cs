namespace SubnetVpn.Cli.Background;

/// <summary>Finds <c>subnetvpnd</c>: beside this program, or where a build of the repository puts it.</summary>
internal static class DaemonLocator
{
    public static string Find()
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        // artifacts/bin/SubnetVpn.Cli/release → artifacts/bin/SubnetVpn.Daemon/release
        string[] candidates =
        [
            Path.Combine(own, "subnetvpnd"),
            Path.GetFullPath(Path.Combine(own, "../../SubnetVpn.Daemon", Path.GetFileName(own), "subnetvpnd")),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new VpnException(VpnErrorReason.Control, $"the daemon is missing: looked for {string.Join(" and ", candidates)}. Build it: dotnet build SubnetVpn.Modular.sln -c Release");
    }
}
