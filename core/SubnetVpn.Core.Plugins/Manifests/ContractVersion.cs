using System.Globalization;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>A version of the contracts, <c>major.minor</c>.</summary>
/// <param name="Major">Raised when plugins must change.</param>
/// <param name="Minor">Raised when something was added.</param>
public readonly record struct ContractVersion(int Major, int Minor)
{
    /// <summary>The version of the abstraction assemblies that this host carries.</summary>
    public static ContractVersion OfHost { get; } = new(PluginContract.Major, PluginContract.Minor);

    /// <summary>Whether a plugin that was built for this version runs on a host that carries another.</summary>
    /// <param name="host">The host's version.</param>
    public bool FitsOn(ContractVersion host) => Major == host.Major && Minor <= host.Minor;

    /// <summary>Reads <c>major.minor</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version, or <c>default</c>.</param>
    public static bool TryParse(string? text, out ContractVersion version)
    {
        version = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0
            || !int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            return false;
        version = new ContractVersion(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
