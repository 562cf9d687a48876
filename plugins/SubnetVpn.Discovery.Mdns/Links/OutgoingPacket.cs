namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>A message to be sent to everybody on a link.</summary>
/// <param name="Link">The index of the link.</param>
/// <param name="Packet">The message.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct OutgoingPacket(int Link, byte[] Packet, PacketKind Kind);
