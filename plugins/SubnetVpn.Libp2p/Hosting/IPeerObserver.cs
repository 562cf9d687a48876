using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>
/// Is told which peers are there. For one peer the calls alternate and come one at a time; a loss and return in quick
/// succession may be reported as neither. Calls come from the thread pool; one that blocks delays those behind it only.
/// </summary>
public interface IPeerObserver
{
    /// <summary>The first connection with the peer is up.</summary>
    void PeerConnected(PeerId peer);

    /// <summary>The last connection with the peer has ended, for this reason.</summary>
    void PeerDisconnected(PeerId peer, ConnectionEnd reason);
}
