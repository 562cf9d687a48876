namespace SubnetVpn.Core.Configuration;

/// <summary>What of the settings may change while a network runs, and what did.</summary>
internal static class SettingsChange
{
    /// <summary>The new settings, but for what a running network cannot change.</summary>
    public static NetworkSettings WithFixedOf(NetworkSettings settings, NetworkSettings running) => settings with
    {
        Name = running.Name,
        Mtu = running.Mtu,
        Addresses = running.Addresses,
        AutomaticSubnets = running.AutomaticSubnets,
        Routes = running.Routes,
        TunName = running.TunName,
        Protocol = running.Protocol,
        NetworkKey = running.NetworkKey,
    };

    /// <summary>The new settings with the automatic addresses that the running network has, where it would have such ones.</summary>
    public static NetworkSettings WithAutomaticOf(NetworkSettings settings, NetworkSettings running) => settings with
    {
        Addresses =
        [
            .. settings.Addresses.Where(own => !settings.IsAutomatic(own.Address))
                .Concat(running.Addresses.Where(own => settings.AutomaticSubnets.Contains(own.Subnet) && running.IsAutomatic(own.Address)))
                .OrderBy(static own => own.Address.BitLength),
        ],
    };

    /// <summary>The names of the properties that differ; lists and sets are compared by what they hold.</summary>
    public static IReadOnlyList<string> FindDifferences(NetworkSettings left, NetworkSettings right)
    {
        var names = new List<string>();
        foreach (var property in typeof(NetworkSettings).GetProperties())
            if (!AreEqual(property.GetValue(left), property.GetValue(right)))
                names.Add(property.Name);
        return names;
    }

    private static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (IReadOnlySet<ushort> a, IReadOnlySet<ushort> b) => a.SetEquals(b),
        (System.Collections.IEnumerable a and not string, System.Collections.IEnumerable b) => a.Cast<object>().SequenceEqual(b.Cast<object>()),
        _ => Equals(left, right),
    };
}
