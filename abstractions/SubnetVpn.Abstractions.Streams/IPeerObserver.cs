namespace SubnetVpn.Streams;

/// <summary>Hears of peers that come and go.</summary>
public interface IPeerObserver
{
    /// <summary>The first connection to a peer is up.</summary>
    /// <param name="peer">The peer, proven.</param>
    void PeerConnected(PeerId peer);

    /// <summary>The last connection to a peer ended.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="reason">Why, in a few words for the operator.</param>
    void PeerDisconnected(PeerId peer, string reason);
}
