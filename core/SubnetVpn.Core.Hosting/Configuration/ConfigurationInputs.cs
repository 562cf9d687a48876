using System.Collections;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>Where the configuration of a process comes from; what stands further down wins.</summary>
public sealed record ConfigurationInputs
{
    /// <summary>The prefix of environment variables that belong to the configuration, such as <c>SUBNETVPN__VPN__MTU</c>.</summary>
    public const string EnvironmentPrefix = "SUBNETVPN__";

    /// <summary>The YAML file.</summary>
    public required string File { get; init; }

    /// <summary>Environment variables; those without <see cref="EnvironmentPrefix"/> are not looked at. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings of the command line, such as <c>vpn:mtu=1300</c>. Default: none.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The environment variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? string.Empty, StringComparer.Ordinal);
}
