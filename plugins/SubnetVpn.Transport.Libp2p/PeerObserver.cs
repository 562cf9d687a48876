using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Streams;
using LibraryPeerId = SubnetVpn.Libp2p.Keys.PeerId;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>Passes on which peers come and go.</summary>
internal sealed class PeerObserver(IPeerObserver observer) : SubnetVpn.Libp2p.Hosting.IPeerObserver
{
    public void PeerConnected(LibraryPeerId peer) => observer.PeerConnected(PeerIds.ToContract(peer));

    public void PeerDisconnected(LibraryPeerId peer, ConnectionEnd reason) =>
        observer.PeerDisconnected(PeerIds.ToContract(peer), Describe(reason));

    private static string Describe(ConnectionEnd reason) => reason switch
    {
        ConnectionEnd.ClosedLocally => "closed by this node",
        ConnectionEnd.HostStopped => "this node is stopping",
        ConnectionEnd.ClosedByPeer => "closed by the peer",
        ConnectionEnd.ConnectionBroken => "the connection broke",
        ConnectionEnd.PeerSilent => "the peer fell silent",
        ConnectionEnd.DecryptFailed => "received bytes did not authenticate",
        ConnectionEnd.ProtocolError => "the peer broke the rules of the protocol",
        ConnectionEnd.PeerReportedError => "the peer reported an error",
        ConnectionEnd.OverLimit => "over a limit of connections",
        _ => "an internal error",
    };
}
