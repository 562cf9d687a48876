using SubnetVpn.Core.Configuration;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>One network of the configuration, checked.</summary>
/// <param name="Path">Its section, such as <c>vpn</c> or <c>networks:office</c>.</param>
/// <param name="Settings">What the packet path needs.</param>
/// <param name="Strategies">What it is composed of.</param>
public sealed record NetworkConfiguration(string Path, NetworkSettings Settings, StrategyOptions Strategies)
{
    /// <summary>The network's name.</summary>
    public string Name => Settings.Name;
}
