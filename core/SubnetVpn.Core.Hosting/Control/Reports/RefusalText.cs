using SubnetVpn.Core.Diagnostics;

namespace SubnetVpn.Core.Hosting.Control.Reports;

/// <summary>Why an address is not routed to whom a source names, in words.</summary>
internal static class RefusalText
{
    public static string Of(MappingRefusal reason, PeerId? holder) => reason switch
    {
        MappingRefusal.LessTrusted => $"a more trusted source gives it to {holder}",
        MappingRefusal.HeldAlready => $"{holder} held it before, by a source that is trusted as much",
        MappingRefusal.NotTrusted => "a subnet, or an address outside the network's subnets, takes the word of a member or of the operator",
        MappingRefusal.NotDerived => "the network's IPv6 addresses follow from the peer ids (virtual_ip6: auto), and this one does not",
        MappingRefusal.OurAddress => "the address is this node's own",
        MappingRefusal.NotAMember => "the network has no key: only listed peers and registered addresses are let in; set network_key",
        MappingRefusal.NamesThisNode => "it names this node, which does not hold the address",
        MappingRefusal.Expired => "it had expired when it came",
        MappingRefusal.RegisteredToAnother => $"the registry gives it to {holder}",
        MappingRefusal.NotRegistered => "the registry does not know it",
        MappingRefusal.RegistryUnavailable => "the registry could not be asked whose it is",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
