using System.Globalization;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Reads <c>unallowed_ports</c>: numbers, quoted or not.</summary>
internal static class PortRules
{
    public static IReadOnlySet<ushort> Read(VpnOptions options, MistakeList mistakes)
    {
        var ports = new HashSet<ushort>();
        for (var i = 0; i < options.UnallowedPorts.Count; i++)
        {
            var text = options.UnallowedPorts[i];
            if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
                ports.Add(port);
            else
                mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"unallowed_ports:{i}"), text, "must be a port: 1 to 65535");
        }
        return ports;
    }
}
