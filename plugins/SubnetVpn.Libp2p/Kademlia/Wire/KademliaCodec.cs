using Google.Protobuf;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Protos;

namespace SubnetVpn.Libp2p.Kademlia.Wire;

/// <summary>Makes and takes messages, without I/O: <c>varint length | protobuf</c>.</summary>
internal static class KademliaCodec
{
    /// <summary>The message with its length in front.</summary>
    public static byte[] Encode(KademliaMessage message)
    {
        var wire = new KadMessage { Type = (int)message.Type, Key = Wrap(message.Key) };
        if (message.Record is { } record)
        {
            wire.Record = new KadRecord { Key = Wrap(record.Key), Value = Wrap(record.Value), TimeReceived = record.TimeReceived };
        }

        wire.CloserPeers.AddRange(message.CloserPeers.Select(Encode));
        wire.ProviderPeers.AddRange(message.ProviderPeers.Select(Encode));
        int size = wire.CalculateSize();
        var buffer = new byte[Uvarint.Length((ulong)size) + size];
        int prefix = Uvarint.Write(buffer, (ulong)size);
        wire.WriteTo(buffer.AsSpan(prefix));
        return buffer;
    }

    /// <summary>
    /// Takes the bytes behind the length. A peer or an address that we cannot read is skipped, never the whole message, and so
    /// are those beyond their number.
    /// </summary>
    public static KademliaRefusal TryDecode(ReadOnlySpan<byte> bytes, out KademliaMessage? message)
    {
        message = null;
        if (!KadMessage.Parser.TryParse(bytes, out KadMessage? wire))
        {
            return KademliaRefusal.Malformed;
        }

        if (wire.Type is < (int)KademliaMessageType.PutValue or > (int)KademliaMessageType.Ping)
        {
            return KademliaRefusal.UnknownType;
        }

        if (wire.Key.Length > KademliaConstants.MaxKeyBytes || wire.Record?.Key.Length > KademliaConstants.MaxKeyBytes
            || wire.Record?.Value.Length > KademliaConstants.MaxValueBytes)
        {
            return KademliaRefusal.TooLarge;
        }

        message = new KademliaMessage((KademliaMessageType)wire.Type, wire.Key.Memory)
        {
            Record = wire.Record is { } record ? new KademliaRecord(record.Key.Memory, record.Value.Memory, Cut(record.TimeReceived)) : null,
            CloserPeers = Decode(wire.CloserPeers),
            ProviderPeers = Decode(wire.ProviderPeers),
        };
        return KademliaRefusal.None;
    }

    private static KadPeer Encode(KademliaPeer peer)
    {
        var wire = new KadPeer { Id = ByteString.CopyFrom(peer.Id.Bytes) };
        wire.Addrs.AddRange(peer.Addresses.Take(KademliaConstants.MaxAddressesPerPeer).Select(static address => Wrap(address.Bytes)));
        return wire;
    }

    private static List<KademliaPeer> Decode(IEnumerable<KadPeer> peers)
    {
        var result = new List<KademliaPeer>();
        foreach (KadPeer peer in peers.Take(KademliaConstants.K))
        {
            if (PeerId.TryFromBytes(peer.Id.Span, out PeerId id))
            {
                result.Add(new KademliaPeer(id, [.. peer.Addrs.Take(KademliaConstants.MaxAddressesPerPeer).Select(Decode).OfType<Multiaddr>()]));
            }
        }

        return result;
    }

    private static Multiaddr? Decode(ByteString bytes) =>
        bytes.Length <= KademliaConstants.MaxAddressBytes && Multiaddr.TryDecode(bytes.Span, out Multiaddr? address) ? address : null;

    private static ByteString Wrap(ReadOnlyMemory<byte> bytes) => UnsafeByteOperations.UnsafeWrap(bytes);

    private static string Cut(string time) => time.Length <= 64 ? time : string.Empty;
}
