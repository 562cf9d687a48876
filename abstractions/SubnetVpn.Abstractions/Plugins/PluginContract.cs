namespace SubnetVpn.Plugins;

/// <summary>The version of the contracts in the abstraction assemblies, which <c>plugin.json</c> names as <c>contract</c>.</summary>
/// <remarks>A plugin fits when its major version is the same and its minor version is not newer than the host's.</remarks>
public static class PluginContract
{
    /// <summary>The major version: raised when a plugin has to be changed or rebuilt.</summary>
    public const int Major = 1;

    /// <summary>The minor version: raised when something was added.</summary>
    public const int Minor = 0;

    /// <summary>The version as text, such as <c>1.0</c>.</summary>
    public static string Version => $"{Major}.{Minor}";
}
