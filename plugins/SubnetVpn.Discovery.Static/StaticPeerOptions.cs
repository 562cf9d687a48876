using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Discovery.Static;

/// <summary>One entry of <c>peers</c>.</summary>
internal sealed class StaticPeerOptions : IValidatableObject
{
    /// <summary><c>id</c>: the peer id, such as <c>12D3KooW…</c>.</summary>
    public required PeerId Id { get; init; }

    /// <summary><c>addresses</c>: where to dial it, as multiaddresses. Default: none, then it has to dial this node.</summary>
    public IReadOnlyList<PeerAddress> Addresses { get; init; } = [];

    /// <summary><c>virtual_ips</c>: the addresses it holds.</summary>
    public IReadOnlyList<VirtualIp> VirtualIps { get; init; } = [];

    /// <summary><c>routes</c>: subnets behind it, such as <c>192.168.7.0/24</c>. Default: none.</summary>
    public IReadOnlyList<IpPrefix> Routes { get; init; } = [];

    /// <summary>Its virtual IPs, then its routes.</summary>
    internal IEnumerable<IpPrefix> Prefixes => VirtualIps.Select(static address => new IpPrefix(address, address.BitLength)).Concat(Routes);

    /// <summary>The rules of one peer; those between peers are with <see cref="StaticDiscoveryOptions"/>.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var address in Addresses)
            if (address.Peer is { } named && named != Id.ToString())
                yield return new ValidationResult($"'{address}' names the peer {named}, but stands under the peer {Id}.", [nameof(Addresses)]);
        if (VirtualIps.Count == 0 && Routes.Count == 0)
            yield return new ValidationResult($"lists nothing for the peer {Id}, which has no routes either, so that nothing would ever be sent to it.", [nameof(VirtualIps)]);
    }
}
