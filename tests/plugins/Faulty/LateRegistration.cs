using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Faulty;

/// <summary>Keeps the builder for a time when it may not be used any more.</summary>
internal static class LateRegistration
{
    public static IPluginBuilder? Builder { get; set; }
}
