using SubnetVpn.Discovery.Dht.Records.Wire;

namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>Reads records of a network of ours, and believes none that is not entirely right. Thread-safe.</summary>
internal sealed class RecordReader(NetworkContext network, NetworkKeys keys, IEd25519 ed25519)
{
    /// <summary>The network that the records are of.</summary>
    public ReadOnlyMemory<byte> PublicKey => keys.PublicKey;

    /// <summary>Reads a value whose network signature was checked already, or, with <see cref="TryRead"/>, not yet.</summary>
    public RecordRefusal TryOpen(ReadOnlyMemory<byte> key, SignedContent content, out MappingRecord? record)
    {
        record = null;
        if (keys.Open(content.Nonce.Span, content.Sealed.Span, RecordBytes.Associated(key.Span, content.Header)) is not { } plain)
            return RecordRefusal.Unreadable;
        if (!PeerRecord.Parser.TryParse(plain, out PeerRecord? signed) || !Mapping.Parser.TryParse(signed.Mapping.Span, out Mapping? mapping))
            return RecordRefusal.Malformed;
        if (mapping.Network != network.Name)
            return RecordRefusal.WrongNetwork;
        if (mapping.Address.Length is not (4 or 16) || VirtualIp.FromBytes(mapping.Address.Span) is var address && !IsOfKey(address, key))
            return RecordRefusal.WrongAddress;
        Span<byte> peerKey = stackalloc byte[32];
        if (!PeerId.TryParse(mapping.Peer, out var peer) || !peer.TryGetEd25519Key(peerKey))
            return RecordRefusal.BadPeer;
        if (mapping.Addresses.Count > RecordLimits.MaxAddresses || !mapping.Addresses.All(IsDialAddress))
            return RecordRefusal.BadDialAddress;
        if (!IsRankOf(new AddressClaim(address, peer, mapping.Automatic), content.Header))
            return RecordRefusal.WrongRank;
        if (!ed25519.Verify(peerKey, RecordBytes.ForPeer(key.Span, content.Header, signed.Mapping.Span), signed.Signature.Span))
            return RecordRefusal.BadPeerSignature;
        record = new MappingRecord
        {
            Header = content.Header,
            Address = address,
            Peer = peer,
            IsAutomatic = mapping.Automatic,
            DialAddresses = [.. mapping.Addresses],
            IsReleased = mapping.Released,
        };
        return RecordRefusal.None;
    }

    /// <summary>Reads a value, with all checks.</summary>
    public RecordRefusal TryRead(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, DateTimeOffset now, out MappingRecord? record)
    {
        record = null;
        var refusal = SignedContent.TryRead(value, now, out var content);
        return content is null ? refusal
            : !content.IsSignedBy(keys.PublicKey, key, ed25519) ? RecordRefusal.BadNetworkSignature
            : TryOpen(key, content, out record);
    }

    private bool IsOfKey(VirtualIp address, ReadOnlyMemory<byte> key) =>
        network.Subnets.Any(subnet => subnet.Contains(address)) && keys.KeyOf(address).AsSpan().SequenceEqual(key.Span);

    private bool IsRankOf(AddressClaim claim, RecordHeader header)
    {
        Span<byte> rank = stackalloc byte[AddressClaim.RankLength];
        claim.WriteRank(network.Key, rank);
        return header.Rank.Span.SequenceEqual(rank);
    }

    // Whether it can be dialled, the transport knows; it must not be anything else than a text of that kind.
    private static bool IsDialAddress(string text) =>
        text.Length is > 1 and <= RecordLimits.MaxAddressLength && text[0] == '/' && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
