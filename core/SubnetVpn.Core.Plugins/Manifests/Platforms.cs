namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>The platforms that manifests name.</summary>
public static class Platforms
{
    /// <summary>Runs everywhere.</summary>
    public const string Any = "any";

    /// <summary>Every name that a manifest may use.</summary>
    public static IReadOnlyList<string> Known { get; } = [Any, "linux", "windows", "macos"];

    /// <summary>The platform of this process; <c>unknown</c> on one that manifests have no name for.</summary>
    public static string Current { get; } =
        OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "unknown";
}
