namespace SubnetVpn.Libp2p.Kademlia.Wire;

/// <summary>A value under its key, as it travels.</summary>
/// <param name="Key">The key, which begins with a namespace: <c>/pk/…</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="TimeReceived">When the peer that sends it received it, in RFC 3339; empty on its way to be stored.</param>
internal sealed record KademliaRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, string TimeReceived = "");
