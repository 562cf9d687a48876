namespace SubnetVpn.Libp2p.Yamux;

/// <summary>The code a GoAway frame carries in its length field. Others are errors of the application.</summary>
internal enum YamuxGoAwayCode : uint
{
    Normal = 0,
    ProtocolError = 1,
    InternalError = 2,
}
