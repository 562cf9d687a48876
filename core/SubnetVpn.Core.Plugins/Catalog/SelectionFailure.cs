namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>Why a strategy cannot be selected.</summary>
public enum SelectionFailure
{
    /// <summary>There is no plugins folder.</summary>
    NoDirectory,

    /// <summary>No plugin provides a strategy of this name.</summary>
    Unknown,

    /// <summary>The plugin that provides it is incompatible, failed, or switched off.</summary>
    Unusable,

    /// <summary>Several plugins provide it.</summary>
    Ambiguous,
}
