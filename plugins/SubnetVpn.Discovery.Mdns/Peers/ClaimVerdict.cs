namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>What is to be thought of a claim.</summary>
internal enum ClaimVerdict
{
    /// <summary>It can be so.</summary>
    Believed,

    /// <summary>It is of an address of ours.</summary>
    OurOwn,

    /// <summary>It is of nothing that peers may claim here.</summary>
    Foreign,
}
