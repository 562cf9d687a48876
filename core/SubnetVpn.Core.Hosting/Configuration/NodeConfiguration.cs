using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The configuration of a node, checked but for what only its plugins can check. Immutable.</summary>
public sealed record NodeConfiguration
{
    /// <summary>All keys, from all sources: the sections of plugins are read from here.</summary>
    public required IConfiguration Root { get; init; }

    /// <summary>The configuration file, a full path; null when the host built the configuration.</summary>
    public string? File { get; init; }

    /// <summary>Where relative paths count from: the folder of the configuration file.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>The identity file, a full path.</summary>
    public required string IdentityFile { get; init; }

    /// <summary>Multiaddresses to listen on.</summary>
    public required IReadOnlyList<string> Listen { get; init; }

    /// <summary>The control socket, a full path.</summary>
    public required string ControlSocket { get; init; }

    /// <summary>The networks that are enabled.</summary>
    public required IReadOnlyList<NetworkConfiguration> Networks { get; init; }

    /// <summary>The plugins' folder and switches, as they stand in the file.</summary>
    public required PluginsOptions Plugins { get; init; }

    /// <summary>Tells where keys come from.</summary>
    internal ConfigurationOrigins Origins { get; init; } = ConfigurationOrigins.None;
}
