using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>What a connection asks of the host. Called on the receive loop or on whichever thread ended the connection; must not block.</summary>
internal interface IConnectionOwner
{
    void StreamOpened(Libp2pConnection connection, YamuxStream stream);

    /// <summary>Once for each connection, as soon as its end is known.</summary>
    void ConnectionEnded(Libp2pConnection connection);

    /// <summary>Something of the peer was refused because of a limit. For counting.</summary>
    void LimitHit(Libp2pLimit limit);
}
