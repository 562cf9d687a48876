namespace SubnetVpn.Libp2p.Yamux;

/// <summary>The second byte of a yamux header (yamux specification, "Type Field").</summary>
internal enum YamuxFrameType : byte
{
    Data = 0,
    WindowUpdate = 1,
    Ping = 2,
    GoAway = 3,
}
