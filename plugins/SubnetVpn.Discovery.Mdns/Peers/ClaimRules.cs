namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>Which claims of a peer can be believed at all.</summary>
internal static class ClaimRules
{
    /// <summary>What a claim is.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="network">Our network.</param>
    /// <param name="acceptRoutes">Whether subnets behind peers are believed.</param>
    public static ClaimVerdict Judge(IpPrefix claim, NetworkContext network, bool acceptRoutes)
    {
        if (claim.IsSingleAddress)
        {
            if (network.VirtualIps.Contains(claim.Address))
                return ClaimVerdict.OurOwn;
            if (network.Subnets.Any(subnet => subnet.Contains(claim.Address)))
                return ClaimVerdict.Believed;
        }
        // A route beside the network's subnets; never one that would take addresses of the network from their holders.
        return acceptRoutes && claim.Length > 0 && !network.Subnets.Any(subnet => subnet.Contains(claim) || claim.Contains(subnet))
            ? ClaimVerdict.Believed
            : ClaimVerdict.Foreign;
    }
}
