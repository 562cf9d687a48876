using System.Globalization;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia.Routing;
using SubnetVpn.Libp2p.Kademlia.Storage;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Serving;

/// <summary>Answers requests, without I/O.</summary>
internal sealed class KademliaServer(RoutingTable table, RecordStore records, ProviderStore providers)
{
    public KademliaAnswer Handle(PeerId from, KademliaMessage request)
    {
        if (request.Key.IsEmpty && request.Type != KademliaMessageType.Ping)
        {
            return KademliaAnswer.Refused(KademliaRefusal.WrongKey);
        }

        bool isAboutProviders = request.Type is KademliaMessageType.AddProvider or KademliaMessageType.GetProviders;
        if (isAboutProviders && request.Key.Length > KademliaConstants.MaxProviderKeyBytes)
        {
            return KademliaAnswer.Refused(KademliaRefusal.TooLarge);
        }

        return request.Type switch
        {
            KademliaMessageType.Ping => KademliaAnswer.Of(new KademliaMessage(KademliaMessageType.Ping, request.Key)),
            KademliaMessageType.FindNode => FindNode(from, request),
            KademliaMessageType.GetValue => GetValue(from, request),
            KademliaMessageType.PutValue => PutValue(from, request),
            KademliaMessageType.GetProviders => GetProviders(from, request),
            KademliaMessageType.AddProvider => AddProvider(from, request),
            _ => KademliaAnswer.Refused(KademliaRefusal.UnknownType),
        };
    }

    private KademliaAnswer FindNode(PeerId from, KademliaMessage request) =>
        KademliaAnswer.Of(new KademliaMessage(KademliaMessageType.FindNode, request.Key) { CloserPeers = Closer(from, request.Key) });

    private KademliaAnswer GetValue(PeerId from, KademliaMessage request)
    {
        StoredRecord? stored = records.Get(request.Key);
        return KademliaAnswer.Of(new KademliaMessage(KademliaMessageType.GetValue, request.Key)
        {
            Record = stored is null ? null : new KademliaRecord(stored.Key, stored.Value, Format(stored.ReceivedAt)),
            CloserPeers = Closer(from, request.Key),
        });
    }

    private KademliaAnswer PutValue(PeerId from, KademliaMessage request)
    {
        if (request.Record is not { } record || record.Value.IsEmpty)
        {
            return KademliaAnswer.Refused(KademliaRefusal.NothingToStore);
        }

        if (!record.Key.Span.SequenceEqual(request.Key.Span))
        {
            return KademliaAnswer.Refused(KademliaRefusal.WrongKey);
        }

        KademliaRefusal refusal = records.Put(record.Key, record.Value, from);
        return refusal == KademliaRefusal.None
            ? KademliaAnswer.Of(new KademliaMessage(KademliaMessageType.PutValue, request.Key) { Record = record })
            : KademliaAnswer.Refused(refusal);
    }

    private KademliaAnswer GetProviders(PeerId from, KademliaMessage request) =>
        KademliaAnswer.Of(new KademliaMessage(KademliaMessageType.GetProviders, request.Key)
        {
            ProviderPeers = providers.Get(request.Key, KademliaConstants.K),
            CloserPeers = Closer(from, request.Key),
        });

    private KademliaAnswer AddProvider(PeerId from, KademliaMessage request)
    {
        if (request.ProviderPeers.Count == 0)
        {
            return KademliaAnswer.Refused(KademliaRefusal.NothingToStore);
        }

        if (request.ProviderPeers.FirstOrDefault(peer => peer.Id == from) is not { } provider)
        {
            return KademliaAnswer.Refused(KademliaRefusal.ForeignProvider);
        }

        // No reply, whatever comes of it: so go-libp2p-kad-dht does, and others expect it.
        return KademliaAnswer.Refused(provider.Addresses.Count == 0 ? KademliaRefusal.NoAddress : providers.Add(request.Key, provider));
    }

    /// <summary>Never the one who asks, who knows itself; nor us, whom it is asking.</summary>
    private List<KademliaPeer> Closer(PeerId from, ReadOnlyMemory<byte> key) =>
        table.Closest(KademliaKey.Of(key.Span), KademliaConstants.K, except: from);

    private static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
