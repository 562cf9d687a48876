namespace SubnetVpn.Discovery;

/// <summary>What an <see cref="IPeerWatcher"/> learned.</summary>
/// <param name="Kind">Whether the mapping holds or no longer does.</param>
/// <param name="Mapping">The mapping; a new one replaces the former of the same source and peer.</param>
public sealed record PeerChange(PeerChangeKind Kind, PeerMapping Mapping);
