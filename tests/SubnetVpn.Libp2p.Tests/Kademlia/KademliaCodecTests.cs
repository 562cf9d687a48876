using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

public class KademliaCodecTests
{
    private static readonly MemoryNetwork s_ids = new(seed: 1);

    private static KademliaMessage Full() => new(KademliaMessageType.GetValue, "/number/a"u8.ToArray())
    {
        Record = new KademliaRecord("/number/a"u8.ToArray(), "7"u8.ToArray(), "2030-01-01T00:00:00.0000000Z"),
        CloserPeers = [new KademliaPeer(s_ids.NewId(), [MemoryNetwork.AddressOf(1), MemoryNetwork.AddressOf(2)])],
        ProviderPeers = [new KademliaPeer(s_ids.NewId(), [])],
    };

    private static byte[] Body(KademliaMessage message)
    {
        byte[] bytes = KademliaCodec.Encode(message);
        Assert.True(Uvarint.TryRead(bytes, out ulong length, out int prefix));
        Assert.Equal((ulong)(bytes.Length - prefix), length);
        return bytes[prefix..];
    }

    [Fact]
    public void TryDecode_WhatEncodeWrote_IsTheSame()
    {
        KademliaMessage message = Full();

        Assert.Equal(KademliaRefusal.None, KademliaCodec.TryDecode(Body(message), out KademliaMessage? read));

        Assert.NotNull(read);
        Assert.Equal(message.Type, read.Type);
        Assert.Equal(message.Key.ToArray(), read.Key.ToArray());
        Assert.Equal(message.Record!.Value.ToArray(), read.Record!.Value.ToArray());
        Assert.Equal(message.Record.TimeReceived, read.Record.TimeReceived);
        Assert.Equal(message.CloserPeers[0].Id, read.CloserPeers[0].Id);
        Assert.Equal(message.CloserPeers[0].Addresses, read.CloserPeers[0].Addresses);
        Assert.Equal(message.ProviderPeers[0].Id, read.ProviderPeers[0].Id);
    }

    [Fact]
    public void Encode_FindNode_HasTheFieldsOfTheSpecification()
    {
        // Field 1 varint 4, field 2 of 3 bytes.
        Assert.Equal("080412036b6579", Hex.Text(Body(new KademliaMessage(KademliaMessageType.FindNode, "key"u8.ToArray()))));

        // Field 8: a peer, whose field 1 is its id and whose field 2 is an address.
        PeerId id = s_ids.NewId();
        Multiaddr address = Multiaddr.Parse("/ip4/1.2.3.4/tcp/5");
        byte[] withPeer = Body(new KademliaMessage(KademliaMessageType.Ping, default) { CloserPeers = [new KademliaPeer(id, [address])] });
        Assert.Equal("0805" + "42" + "2e" + "0a22" + Hex.Text(id.Bytes) + "1208" + "0401020304060005", Hex.Text(withPeer));
    }

    [Fact]
    public void TryDecode_UnknownType_IsRefused() =>
        Assert.Equal(KademliaRefusal.UnknownType, KademliaCodec.TryDecode(Hex.Bytes("0806"), out _));

    [Fact]
    public void TryDecode_LongKeyOrValue_IsRefused()
    {
        var longKey = new KademliaMessage(KademliaMessageType.FindNode, new byte[KademliaConstants.MaxKeyBytes + 1]);
        KademliaMessage longValue = Full() with { Record = new KademliaRecord("/number/a"u8.ToArray(), new byte[KademliaConstants.MaxValueBytes + 1]) };
        KademliaMessage longRecordKey = Full() with { Record = new KademliaRecord(new byte[KademliaConstants.MaxKeyBytes + 1], "1"u8.ToArray()) };

        Assert.All([longKey, longValue, longRecordKey], message => Assert.Equal(KademliaRefusal.TooLarge, KademliaCodec.TryDecode(Body(message), out _)));
    }

    [Fact]
    public void TryDecode_PeerOrAddressThatNobodyCanRead_IsSkipped()
    {
        PeerId id = s_ids.NewId();

        // A peer with the id "x"; then one with an address of the unknown protocol 0x7F, and a good one.
        byte[] bytes = Hex.Bytes("0804" + "120161" + "4203" + "0a0178" + "4231" + "0a22" + Hex.Text(id.Bytes) + "12017f" + "1208" + "0401020304060005");

        Assert.Equal(KademliaRefusal.None, KademliaCodec.TryDecode(bytes, out KademliaMessage? read));

        KademliaPeer peer = Assert.Single(read!.CloserPeers);
        Assert.Equal(id, peer.Id);
        Assert.Equal("/ip4/1.2.3.4/tcp/5", Assert.Single(peer.Addresses).ToString());
    }

    [Fact]
    public void TryDecode_TooManyPeersAndAddresses_KeepsTheFirst()
    {
        KademliaPeer[] peers = [.. Enumerable.Range(0, 50).Select(_ => new KademliaPeer(s_ids.NewId(), []))];

        Assert.Equal(KademliaRefusal.None, KademliaCodec.TryDecode(Body(Full() with { CloserPeers = peers, ProviderPeers = peers }), out KademliaMessage? read));

        Assert.Equal(peers.Take(KademliaConstants.K).Select(peer => peer.Id), read!.CloserPeers.Select(peer => peer.Id));
        Assert.Equal(KademliaConstants.K, read.ProviderPeers.Count);
    }

    [Fact]
    public void TryDecode_NoiseAndMutations_NeverThrows()
    {
        int refused = 0;
        int taken = 0;
        foreach (byte[] bytes in RandomBytes.Noise(1, 2000, 200).Concat(RandomBytes.Mutations(2, 5000, Body(Full()))))
        {
            KademliaRefusal refusal = KademliaCodec.TryDecode(bytes, out KademliaMessage? message);
            Assert.Equal(refusal == KademliaRefusal.None, message is not null);
            _ = refusal == KademliaRefusal.None ? taken++ : refused++;
        }

        Assert.True(refused > 1000 && taken > 100, $"{refused} refused, {taken} taken: the input is not of both kinds.");
    }
}
