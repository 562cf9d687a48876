using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>What the networks of one node may not share.</summary>
internal static class NetworkSetRules
{
    public static void Check(IReadOnlyList<NetworkConfiguration> networks, ICollection<ConfigurationMistake> mistakes)
    {
        for (var i = 1; i < networks.Count; i++)
            for (var j = 0; j < i; j++)
                CheckPair(networks[j], networks[i], mistakes);
    }

    private static void CheckPair(NetworkConfiguration first, NetworkConfiguration second, ICollection<ConfigurationMistake> mistakes)
    {
        var (a, b) = (first.Settings, second.Settings);
        if (a.TunName is not null && a.TunName == b.TunName)
            Add("tun_name", b.TunName, $"is also the TUN device of {first.Path}; each network has its own.");
        if (a.Protocol == b.Protocol)
            Add("protocol", b.Protocol, $"is also the protocol of {first.Path}; each network has its own.");
        if (first.Strategies.Transport != second.Strategies.Transport)
            Add("strategies:transport", second.Strategies.Transport, $"differs from {first.Path} ({first.Strategies.Transport}); a node has one transport.");
        foreach (var subnet in b.GetSubnets())
            foreach (var other in a.GetSubnets())
                if (subnet.Contains(other) || other.Contains(subnet))
                    Add(subnet.IsIPv4 ? "subnet" : "subnet6", subnet.ToString(), $"overlaps with {other} of {first.Path}.");

        void Add(string key, string value, string message) =>
            mistakes.Add(new ConfigurationMistake(ConfigurationPath.Combine(second.Path, key), value, message));
    }
}
