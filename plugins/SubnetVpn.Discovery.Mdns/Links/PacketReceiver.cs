namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>Takes a message that came over a link.</summary>
/// <param name="link">The index of the link.</param>
/// <param name="packet">The message, lent for the call.</param>
/// <param name="sender">Who sent it, as it says.</param>
internal delegate void PacketReceiver(int link, ReadOnlySpan<byte> packet, VirtualIp sender);
