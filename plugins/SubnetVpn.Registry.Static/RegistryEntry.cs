namespace SubnetVpn.Registry.Static;

/// <summary>A line of the file.</summary>
/// <param name="Prefix">The address, or the subnet behind the peer.</param>
/// <param name="Peer">Who may hold it.</param>
/// <param name="Line">Its number, from 1.</param>
internal readonly record struct RegistryEntry(IpPrefix Prefix, PeerId Peer, int Line);
