namespace SubnetVpn.Core.Routing;

/// <summary>An answer that does not hold for ever. Guarded by the gate of the resolver.</summary>
/// <param name="address">What was asked for; null when its source told it unasked.</param>
/// <param name="expiry">Until when the answer holds.</param>
internal sealed class LearnedMapping(VirtualIp? address, DateTimeOffset expiry)
{
    public VirtualIp? Address => address;

    public DateTimeOffset Expiry => expiry;

    /// <summary>Whether it is being asked for again.</summary>
    public bool IsRefreshing { get; set; }
}
