using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>Which networks one can be invited to.</summary>
internal static class InvitationConditions
{
    private const string Open = "open";

    // What finds members that nobody has listed.
    private static readonly string[] s_finders = ["dht", "mdns"];

    /// <summary>Throws when an invitation to the network would be of no use.</summary>
    /// <param name="network">The network.</param>
    /// <param name="section">What is written of it.</param>
    /// <param name="file">Where.</param>
    /// <param name="findBootstrap">Finds where its members can be asked, for who needs no token.</param>
    public static void Require(NetworkConfiguration network, IConfigurationSection section, string? file, Func<IReadOnlyList<string>> findBootstrap)
    {
        var key = section["network_key"];
        if (key is null)
            throw Fault(
                $"the network '{network.Name}' has no key: it lets in only peers that are listed, so a token would open nothing. Make it a private network: " +
                $"subnetvpn keygen --network --out network.key, then network_key: network.key under {section.Path} in {file}, on all members.");
        if (key == Open)
            throw Fault(
                $"the network '{network.Name}' is open: there is no key to hand over. Anyone is in with a configuration of that name that says network_key: open " +
                $"and, under discovery.dht, bootstrap: [{string.Join(", ", findBootstrap().Select(static address => $"\"{address}\""))}].");
        if (!network.Strategies.Discovery.Any(name => s_finders.Contains(name)))
            throw Fault(
                $"the network '{network.Name}' finds its members by {string.Join(", ", network.Strategies.Discovery)} alone, which would not find a newcomer. " +
                $"Add dht: strategies: {{ discovery: [{string.Join(", ", network.Strategies.Discovery)}, dht] }} under {section.Path} in {file}, then: subnetvpn reload --restart");
    }

    private static VpnException Fault(string message) => new(VpnErrorReason.Configuration, message);
}
