using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Configuration.Validation;

namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>What may go into a configuration that is written. The rest is checked when it is loaded.</summary>
public static class SetupRules
{
    /// <summary>Reads the subnet of a new network.</summary>
    /// <param name="text">Such as <c>10.1.2.0/24</c>; null for none.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Configuration"/>: it is none that a network of one's own may use.</exception>
    public static IpPrefix? ReadSubnet(string? text)
    {
        if (text is null)
            return null;
        if (!IpPrefix.TryParse(text, out var subnet) || !subnet.IsIPv4 || subnet.Length > 30 || subnet.ToString() != text)
            throw Fault($"the subnet '{text}' must be an IPv4 network with its length, at most 30, such as 10.20.30.0/24.");
        return PrivateRanges.Contains(subnet) ? subnet : throw Fault($"the subnet {subnet} is not a private one ({PrivateRanges.Text}): members would no longer reach whoever uses it on the Internet.");
    }

    /// <summary>Checks what is written as it is.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Configuration"/>: something cannot be written.</exception>
    internal static void Check(NewNode node)
    {
        if (!ConfigurationReader.NetworkName().IsMatch(node.Network))
            throw Fault($"'{node.Network}' is no name for a network: 1 to 32 lower-case letters, digits and '-', a letter or digit first.");
        if (node.VirtualIp != NewNode.Auto && !(VirtualIp.TryParse(node.VirtualIp, out var address) && node.Subnet is { } subnet && subnet.Contains(address)))
            throw Fault($"the virtual IP '{node.VirtualIp}' must be an address in {node.Subnet}, or auto.");
        foreach (var listen in node.Listen)
            if (ListenRules.Check(listen) is not null || listen.Any(static character => character is '"' or '\\' || char.IsControl(character)))
                throw Fault($"the listen address '{listen}' {ListenRules.Check(listen) ?? "has a character that no address has"}.");
    }

    private static VpnException Fault(string message) => new(VpnErrorReason.Configuration, message);
}
