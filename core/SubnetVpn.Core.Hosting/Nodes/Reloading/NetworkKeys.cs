using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Nodes.Reloading;

/// <summary>Finds the keys by which two networks differ: by what they mean, not by how they are written.</summary>
internal static class NetworkKeys
{
    /// <summary>The keys of settings that differ, with the path of the section before them.</summary>
    public static IEnumerable<string> Find(string section, NetworkSettings left, NetworkSettings right) =>
        FindSettings(left, right).Select(key => ConfigurationPath.Combine(section, key));

    /// <summary>The keys of strategies that differ, but for the transport, which belongs to the node.</summary>
    public static IEnumerable<string> FindStrategies(string section, StrategyOptions left, StrategyOptions right) =>
        FindProperties(left, right, nameof(StrategyOptions.Transport)).Select(key => ConfigurationPath.Combine(section, "strategies", key));

    private static IEnumerable<string> FindSettings(NetworkSettings left, NetworkSettings right) =>
    [
        .. FindAddresses(left, right, isIPv4: true, "virtual_ip", "subnet"),
        .. FindAddresses(left, right, isIPv4: false, "virtual_ip6", "subnet6"),
        .. FindProperties(left, right, nameof(NetworkSettings.Name), nameof(NetworkSettings.Addresses), nameof(NetworkSettings.AutomaticSubnets), nameof(NetworkSettings.Scheduling), nameof(NetworkSettings.Resilience)),
        .. FindProperties<SchedulerSettings>(left.Scheduling, right.Scheduling),
        .. FindProperties<ResilienceSettings>(left.Resilience, right.Resilience),
    ];

    private static IEnumerable<string> FindAddresses(NetworkSettings left, NetworkSettings right, bool isIPv4, string addressKey, string subnetKey)
    {
        var (before, after) = (Of(left), Of(right));
        if (before.Fixed?.Address != after.Fixed?.Address || before.Automatic is null != after.Automatic is null)
            yield return addressKey;
        // Of a written address the length is what counts: that it is in its subnet was checked.
        var (former, wanted) = (before.Automatic ?? before.Fixed?.Subnet, after.Automatic ?? after.Fixed?.Subnet);
        if (before.Automatic is null && after.Automatic is null ? former?.Length != wanted?.Length : former != wanted)
            yield return subnetKey;

        (TunAddress? Fixed, IpPrefix? Automatic) Of(NetworkSettings settings) => (
            settings.Addresses.Where(own => own.Address.IsIPv4 == isIPv4 && !settings.IsAutomatic(own.Address)).Select(static own => (TunAddress?)own).FirstOrDefault(),
            settings.AutomaticSubnets.Where(subnet => subnet.IsIPv4 == isIPv4).Select(static subnet => (IpPrefix?)subnet).FirstOrDefault());
    }

    // The properties are named as the keys are.
    private static IEnumerable<string> FindProperties<T>(T left, T right, params string[] others) =>
        from property in typeof(T).GetProperties()
        where !others.Contains(property.Name) && !AreEqual(property.GetValue(left), property.GetValue(right))
        select KeyName.Of(property);

    private static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (IReadOnlySet<ushort> a, IReadOnlySet<ushort> b) => a.SetEquals(b),
        (System.Collections.IEnumerable a and not string, System.Collections.IEnumerable b) => a.Cast<object>().SequenceEqual(b.Cast<object>()),
        _ => Equals(left, right),
    };
}
