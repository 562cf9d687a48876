using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Dispatch;

/// <summary>What is known of the packets of one read while they are dispatched. One per reader; not thread-safe.</summary>
/// <param name="size">Packets that a read gives at most.</param>
internal sealed class DispatchBatch(int size)
{
    private readonly Entry[] _entries = new Entry[size];

    public Span<Entry> Of(int packets) => _entries.AsSpan(0, packets);

    /// <summary>What the workers' memory held, so that reading it is not optimised away.</summary>
    public long Touched { get; set; }

    /// <summary>One packet.</summary>
    internal struct Entry
    {
        public PacketInfo Info;
        public PeerSession? Peer;
        public int Hash;
        public PacketDropReason Drop;
    }
}
