namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>An interface of this machine that is up, and its addresses that others on the link can dial.</summary>
/// <param name="Index">The index that the system gave it.</param>
/// <param name="Name">Its name, such as <c>eth0</c>.</param>
/// <param name="Addresses">Its addresses with the subnets they stand in.</param>
internal sealed record LocalLink(int Index, string Name, IReadOnlyList<LinkAddress> Addresses)
{
    /// <summary>Whether it speaks IPv4: queries and answers go out by every family that it has.</summary>
    public bool HasIPv4 { get; init; }

    /// <summary>Whether it speaks IPv6, if only by its link-local address.</summary>
    public bool HasIPv6 { get; init; }

    /// <summary>Whether an address is in a subnet of the link.</summary>
    public bool Reaches(VirtualIp address) => Addresses.Any(own => own.Subnet.Contains(address));

    /// <summary>Whether nothing that matters differs.</summary>
    public bool IsSame(LocalLink other) =>
        Index == other.Index && Name == other.Name && HasIPv4 == other.HasIPv4 && HasIPv6 == other.HasIPv6 && Addresses.SequenceEqual(other.Addresses);
}
