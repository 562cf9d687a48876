namespace SubnetVpn.Core.Diagnostics;

/// <summary>Why an address is not routed to the peer that a discovery source gives it to.</summary>
public enum MappingRefusal
{
    /// <summary>A more trusted mapping gives the address, or a subnet that holds it, to another peer.</summary>
    LessTrusted,

    /// <summary>An equally trusted mapping gave the address to another peer before.</summary>
    HeldAlready,

    /// <summary>A subnet, or an address outside the network's subnets, takes the word of a member at least.</summary>
    NotTrusted,

    /// <summary>The network has no key: what is not listed by the operator or registered takes the word of a member, and nobody can prove to be one.</summary>
    NotAMember,

    /// <summary>The network's IPv6 addresses follow from the peer ids (<c>virtual_ip6: auto</c>), and this one does not.</summary>
    NotDerived,

    /// <summary>The address is this node's own.</summary>
    OurAddress,

    /// <summary>The mapping names this node, which does not hold the address.</summary>
    NamesThisNode,

    /// <summary>The answer's time to live was over when it came.</summary>
    Expired,

    /// <summary>The registry gives the address to another peer.</summary>
    RegisteredToAnother,

    /// <summary>The registry does not know the address.</summary>
    NotRegistered,

    /// <summary>The registry did not say whose the address is.</summary>
    RegistryUnavailable,
}
