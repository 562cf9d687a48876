using System.Reflection;

namespace SubnetVpn.Core;

/// <summary>The version of this build.</summary>
public static class VpnVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(VpnVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>What peers are told, such as <c>subnetvpn/0.1.0</c>.</summary>
    public static string Agent { get; } = $"subnetvpn/{Text}";
}
