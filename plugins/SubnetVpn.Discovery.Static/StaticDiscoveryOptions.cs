using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Discovery.Static;

/// <summary>The section <c>plugins: discovery.static:</c>.</summary>
internal sealed class StaticDiscoveryOptions : IValidatableObject
{
    /// <summary><c>peers</c>: the peers of all networks of this node. Default: none.</summary>
    public IReadOnlyList<StaticPeerOptions> Peers { get; init; } = [];

    /// <summary>The rules between peers: no id twice, no address and no route of two peers.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var ids = new HashSet<PeerId>();
        var holders = new Dictionary<IpPrefix, PeerId>();
        foreach (var peer in Peers)
        {
            if (!ids.Add(peer.Id))
                yield return Mistake($"The peer {peer.Id} is listed twice. Write all it has into one entry.");
            foreach (var prefix in peer.Prefixes)
            {
                if (holders.TryAdd(prefix, peer.Id) || holders[prefix] == peer.Id)
                    continue;
                var what = prefix.IsSingleAddress ? $"The virtual IP {prefix.Address}" : $"The route {prefix}";
                yield return Mistake($"{what} is given to two peers, {holders[prefix]} and {peer.Id}. Only one can hold it.");
            }
        }
    }

    private static ValidationResult Mistake(string message) => new(message, [nameof(Peers)]);
}
