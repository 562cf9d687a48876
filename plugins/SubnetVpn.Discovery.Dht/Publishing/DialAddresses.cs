using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Streams;

namespace SubnetVpn.Discovery.Dht.Publishing;

/// <summary>Where to dial a node: never through the network's own tunnels.</summary>
internal sealed class DialAddresses(IAnnouncedAddresses? announced, IVirtualSubnets subnets)
{
    /// <summary>Where others can dial us now.</summary>
    public IReadOnlyList<string> GetOwn() => announced is null ? [] : Usable(announced.GetAnnouncedAddresses());

    /// <summary>Of what a record says, what can be dialled without a tunnel.</summary>
    public IReadOnlyList<string> Usable(IEnumerable<string> addresses) => [.. addresses.Where(IsOutside).Take(RecordLimits.MaxAddresses)];

    private bool IsOutside(string address)
    {
        // /ip4/198.18.0.2/tcp/4001
        var parts = address.Split('/', 4);
        return parts is not ["", "ip4" or "ip6", var text, ..] || !VirtualIp.TryParse(text, out var ip) || !subnets.Contains(ip);
    }
}
