using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Storage;

/// <summary>A value that we keep.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">The value.</param>
/// <param name="Publisher">Who stored it here.</param>
/// <param name="ReceivedAt">When.</param>
internal sealed record StoredRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, PeerId Publisher, DateTimeOffset ReceivedAt)
{
    // What the dictionaries and objects around it take, about.
    private const int OverheadBytes = 256;

    public long Bytes => Key.Length + Value.Length + OverheadBytes;
}
