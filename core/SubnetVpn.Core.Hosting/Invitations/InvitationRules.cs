using System.Text.RegularExpressions;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>
/// What an invitation may say. Who made a token is not known before it is used: it must neither write into the newcomer's configuration
/// what is not meant to be there, nor draw traffic into the tunnel that is none of the network's.
/// </summary>
internal static partial class InvitationRules
{
    private const int MaxBootstrap = 64;
    private const int MaxInviters = 4;

    /// <summary>The first mistake, as the end of a sentence; null when there is none.</summary>
    public static string? FindMistake(Invitation invitation)
    {
        if (!ConfigurationReader.NetworkName().IsMatch(invitation.Network))
            return "the network's name must be 1 to 32 lower-case letters, digits and '-', a letter or digit first";
        if (invitation.Secret.Length != NetworkKey.SecretLength)
            return "it holds no network key";
        if (invitation.Subnet is { } subnet && FindMistake(subnet, isIPv4: true) is { } wrong)
            return wrong;
        if (invitation.Subnet6 is { } subnet6 && FindMistake(subnet6, isIPv4: false) is { } wrong6)
            return wrong6;
        if (invitation.DhtProtocol is { } protocol && !ProtocolId().IsMatch(protocol))
            return "the protocol id of its hash table must be such as /subnetvpn/kad/1.0.0";
        if (invitation.Bootstrap.Count > MaxBootstrap || invitation.Inviter.Count > MaxInviters)
            return "it names too many addresses";
        foreach (var address in invitation.Bootstrap)
            if (BootstrapRules.FindMistake(address) is { } mistake)
                return $"the bootstrap address '{Printable(address)}' {mistake}";
        foreach (var address in invitation.Inviter)
            if (!PrivateRanges.Contains(new IpPrefix(address, address.BitLength)))
                return $"the address {address} of the node that invites is not one of a private network";
        return null;
    }

    private static string? FindMistake(IpPrefix subnet, bool isIPv4) =>
        subnet.IsIPv4 != isIPv4 ? $"the subnet {subnet} is of the wrong family"
        : !PrivateRanges.Contains(subnet) ? $"the subnet {subnet} is not a private one ({PrivateRanges.Text}), so joining would draw traffic of the Internet into the tunnel"
        : subnet.Length > subnet.Address.BitLength - 2 ? $"the subnet {subnet} has no room for two nodes"
        : null;

    private static string Printable(string text) => string.Concat(text.Take(100).Select(static character => character is > ' ' and <= '~' ? character : '?'));

    [GeneratedRegex(@"^/[A-Za-z0-9._/-]{1,127}\z")]
    private static partial Regex ProtocolId();
}
