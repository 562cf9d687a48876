namespace SubnetVpn.Tun;

/// <summary>The TUN device to make. Immutable.</summary>
public sealed record TunSettings
{
    /// <summary>The interface's name, at most 15 bytes on Linux. Null lets the system choose.</summary>
    public string? Name { get; init; }

    /// <summary>The MTU in bytes: 576 to 9000, at least 1280 with an IPv6 address.</summary>
    public required int Mtu { get; init; }

    /// <summary>The addresses with the length of their subnet, such as 10.0.0.1 with 24: at most one per family.</summary>
    public required IReadOnlyList<TunAddress> Addresses { get; init; }

    /// <summary>Destinations to route to the device, beside the subnets of <see cref="Addresses"/>. Default: none.</summary>
    public IReadOnlyList<IpPrefix> Routes { get; init; } = [];
}
