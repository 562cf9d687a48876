using SubnetVpn.Core.Streams;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// One peer of a network: its mapping, its workers and its streams. Peers share nothing, so a slow or dead one cannot
/// hold up another.
/// </summary>
internal sealed class PeerSession
{
    public PeerSession(PeerMapping mapping, PeerStreamOpener opener, WorkerPoolSettings workerSettings, StreamPoolSettings streamSettings)
    {
        Mapping = mapping;
        Streams = new PeerStreamPool(this, opener, streamSettings);
        Workers = new WorkerPool(this, workerSettings);
    }

    /// <summary>Guards workers, the assignment of flows to streams, and the list of streams. Never held during I/O or a wait.</summary>
    public Lock Gate { get; } = new();

    public PeerId Peer => Mapping.Peer;

    /// <summary>What discovery says of the peer; replaced as a whole.</summary>
    public PeerMapping Mapping { get; set => Volatile.Write(ref field, value); }

    public PeerEndpoint Endpoint => new(Mapping.Peer, Mapping.Addresses);

    public WorkerPool Workers { get; }

    public PeerStreamPool Streams { get; }
}
