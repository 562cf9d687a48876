namespace SubnetVpn.Libp2p.Yamux;

/// <summary>The flags of a yamux header (yamux specification, "Flag Field").</summary>
[Flags]
internal enum YamuxFlags : ushort
{
    None = 0,
    Syn = 1,
    Ack = 2,
    Fin = 4,
    Rst = 8,
}
