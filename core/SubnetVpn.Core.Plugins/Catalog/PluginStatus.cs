namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>What has become of a plugin.</summary>
public enum PluginStatus
{
    /// <summary>Selected, loaded and configured.</summary>
    Active,

    /// <summary>Built for other contracts or another platform; it was not loaded.</summary>
    Incompatible,

    /// <summary>Its manifest cannot be read, or it threw while it was loaded, configured or started.</summary>
    Failed,

    /// <summary>Nothing selected it, or the operator switched it off; it was not loaded.</summary>
    Disabled,
}
