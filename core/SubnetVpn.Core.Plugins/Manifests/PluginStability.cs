namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>How far a plugin may be relied on, as its author says.</summary>
public enum PluginStability
{
    /// <summary>May change or go at any time.</summary>
    Experimental,

    /// <summary>Works; options may still change.</summary>
    Beta,

    /// <summary>Fit for production.</summary>
    Stable,
}
