using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Yamux;

/// <summary>What the multiplexer asks of the connection that carries it.</summary>
internal interface IYamuxOwner
{
    /// <summary>
    /// There is something to send and the caller has been given the sender's role. Runs on the calling thread,
    /// or elsewhere when <paramref name="inline"/> is false. Never blocks.
    /// </summary>
    void Pump(bool inline);

    /// <summary>The peer opened a stream. Called on the receive loop; must not block.</summary>
    void StreamOpened(YamuxStream stream);

    /// <summary>The peer will accept no more streams. Called on the receive loop.</summary>
    void RemoteGoAway(uint code);

    /// <summary>Something of the peer was refused because of a limit. For counting.</summary>
    void LimitHit(Libp2pLimit limit);
}
