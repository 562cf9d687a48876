namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>Where the files of a node are that <c>subnetvpn init</c> and <c>join</c> make: all in the folder of its configuration.</summary>
/// <param name="Configuration">The configuration file, a full path.</param>
public sealed record NodeFiles(string Configuration)
{
    /// <summary><c>/etc/subnetvpn/node.yaml</c> for root on Linux; elsewhere <c>subnetvpn.yaml</c> in the current folder.</summary>
    public static string DefaultConfiguration => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
        ? "/etc/subnetvpn/node.yaml"
        : Path.GetFullPath("subnetvpn.yaml");

    /// <summary>The folder of all of them.</summary>
    public string Folder => Path.GetDirectoryName(Configuration)!;

    /// <summary>The node's private key.</summary>
    public string Identity => Path.Combine(Folder, IdentityName);

    /// <summary>The network's key.</summary>
    public string NetworkKey => Path.Combine(Folder, NetworkKeyName);

    /// <summary>What a node that runs in the background logs.</summary>
    public string Log => Path.ChangeExtension(Configuration, ".log");

    /// <summary>Whether the configuration is where commands look when nobody names one.</summary>
    public bool IsDefault => Configuration == DefaultConfiguration;

    internal const string IdentityName = "identity.key";
    internal const string NetworkKeyName = "network.key";

    /// <summary>The files of a configuration.</summary>
    /// <param name="configuration">The configuration file; null for <see cref="DefaultConfiguration"/>.</param>
    public static NodeFiles For(string? configuration) => new(configuration is null ? DefaultConfiguration : Path.GetFullPath(configuration));
}
