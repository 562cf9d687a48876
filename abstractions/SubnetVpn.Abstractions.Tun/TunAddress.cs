namespace SubnetVpn.Tun;

/// <summary>An address of a TUN device.</summary>
/// <param name="Address">The address itself, host bits included.</param>
/// <param name="PrefixLength">The length of its subnet in bits.</param>
public readonly record struct TunAddress(VirtualIp Address, int PrefixLength)
{
    /// <summary>The subnet.</summary>
    public IpPrefix Subnet => new(Address, PrefixLength);

    /// <summary>For example <c>10.0.0.1/24</c>.</summary>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
