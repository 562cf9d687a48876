namespace SubnetVpn.Core.Plugins.Composition;

/// <summary>The tags of lifetime scopes.</summary>
public static class ScopeTags
{
    /// <summary>The scope of one network; strategies other than transports live in it.</summary>
    public const string Network = "network";
}
