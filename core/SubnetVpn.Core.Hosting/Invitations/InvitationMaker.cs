using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>Makes an invitation of what a node is configured to be, and of where it is while it runs.</summary>
public static class InvitationMaker
{
    private const string Discovery = "plugins:discovery.dht";
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3660);

    /// <summary>Makes it.</summary>
    /// <param name="configuration">The configuration of the node that invites.</param>
    /// <param name="status">What it answered; null when it does not run.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="VpnException">Nobody can be invited; the message says why, and what to do.</exception>
    public static Invitation Make(NodeConfiguration configuration, NodeStatus? status, InvitationRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Lifetime < TimeSpan.FromSeconds(1) || request.Lifetime > s_longest)
            throw Fault("--expires must be a second to 10 years.");
        var network = Select(configuration, request.Network);
        var section = configuration.Root.GetSection(network.Path);
        InvitationConditions.Require(network, section, configuration.File, FindBootstrap);
        var bootstrap = FindBootstrap();
        var secret = new byte[NetworkKey.SecretLength];
        NetworkKeyFile.Read(Path.GetFullPath(section["network_key"]!, configuration.BaseDirectory), secret);
        return new Invitation
        {
            Network = network.Name,
            Secret = secret,
            Subnet = FindSubnet(network, section["subnet"], isIPv4: true),
            Subnet6 = FindSubnet(network, section["subnet6"], isIPv4: false),
            // Those that this node asks itself keep the token good when this node is away.
            Bootstrap = [.. bootstrap.Concat(ReadList(configuration.Root.GetSection($"{Discovery}:bootstrap")).Where(static address => BootstrapRules.FindMistake(address) is null)).Distinct()],
            DhtProtocol = configuration.Root[$"{Discovery}:protocol"] ?? configuration.Root["plugins:transport.libp2p:dht_protocol"],
            Inviter = FindOwnAddresses(network, status),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((now + request.Lifetime).ToUnixTimeSeconds()),
        };

        IReadOnlyList<string> FindBootstrap() => BootstrapAddresses.Find(configuration, network, status, FindPeer(configuration, status), request.Addresses);
    }

    private static NetworkConfiguration Select(NodeConfiguration configuration, string? name)
    {
        var names = string.Join(", ", configuration.Networks.Select(static network => network.Name));
        if (name is null)
            return configuration.Networks is [var only] ? only : throw Fault($"this node is in several networks: say which with --network NAME, one of {names}.");
        return configuration.Networks.FirstOrDefault(network => network.Name == name) ?? throw Fault($"this node is in no network '{name}'. It is in: {names}.");
    }

    private static PeerId FindPeer(NodeConfiguration configuration, NodeStatus? status)
    {
        if (PeerId.TryParse(status?.PeerId, out var peer))
            return peer;
        using var identity = IdentityFile.Load(configuration.IdentityFile);
        return identity.Id;
    }

    // As it is written, else as it follows from an address that is. An IPv6 subnet that nobody wrote follows from the key.
    private static IpPrefix? FindSubnet(NetworkConfiguration network, string? written, bool isIPv4)
    {
        if (written is not null && written.Contains('/', StringComparison.Ordinal) && IpPrefix.TryParse(written, out var subnet))
            return subnet;
        if (!isIPv4 && written is null)
            return null;
        return network.Settings.Addresses.Where(address => address.Address.IsIPv4 == isIPv4).Select(static address => (IpPrefix?)address.Subnet).FirstOrDefault();
    }

    private static List<VirtualIp> FindOwnAddresses(NetworkConfiguration network, NodeStatus? status)
    {
        var texts = status?.Networks.FirstOrDefault(running => running.Name == network.Name)?.VirtualIps ?? [];
        return [.. texts.Select(static text => VirtualIp.TryParse(text.Split('/')[0], out var address) ? (VirtualIp?)address : null).OfType<VirtualIp>().Take(2)];
    }

    private static IEnumerable<string> ReadList(IConfigurationSection section) =>
        section.GetChildren().Select(static child => child.Value).OfType<string>();

    private static VpnException Fault(string message) => new(VpnErrorReason.Configuration, message);
}
