using SubnetVpn;

namespace LeaseServer.Leases;

/// <summary>That a peer may hold an address for a while; and, when that is over, that it could.</summary>
/// <param name="Network">The network.</param>
/// <param name="Address">The address.</param>
/// <param name="Peer">Who holds it.</param>
/// <param name="IssuedAt">When it was given, or renewed the last time.</param>
/// <param name="ExpiresAt">When it is over.</param>
internal sealed record Lease(string Network, VirtualIp Address, PeerId Peer, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    public bool IsLive(DateTimeOffset now) => ExpiresAt > now;
}
