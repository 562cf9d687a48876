using Google.Protobuf;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Discovery.Dht.Records.Wire;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>Makes records that are right but for what a test changes.</summary>
internal sealed class RecordForge(DhtNode node, DateTimeOffset now)
{
    public VirtualIp Address { get; init; } = node.Address;

    public byte[] Key => node.Keys.KeyOf(Address);

    /// <summary>A record, changed before it is signed and sealed.</summary>
    public byte[] Make(Action<Mapping>? mapping = null, Func<RecordHeader, RecordHeader>? header = null, INodeIdentity? signer = null, byte[]? key = null)
    {
        Span<byte> address = stackalloc byte[16];
        var content = new Mapping
        {
            Network = node.Network.Name,
            Address = ByteString.CopyFrom(address[..Address.WriteBytes(address)]),
            Peer = node.Identity.Id.ToString(),
            Addresses = { "/ip4/198.18.0.1/tcp/4001" },
        };
        mapping?.Invoke(content);
        var rank = new byte[AddressClaim.RankLength];
        if (PeerId.TryParse(content.Peer, out var peer))
            new AddressClaim(Address, peer, content.Automatic).WriteRank(node.Network.Key, rank);
        var made = new RecordHeader { Sequence = (ulong)now.ToUnixTimeMilliseconds(), Issued = now, Expires = now.AddHours(1), Rank = rank };
        return new RecordWriter(node.Network, node.Keys, signer ?? node.Identity).Write(key ?? Key, header?.Invoke(made) ?? made, content);
    }

    /// <summary>The same record, changed by somebody without the network's key after it was signed.</summary>
    public static byte[] Tamper(byte[] value, Action<RecordContent> change)
    {
        var signed = SignedRecord.Parser.ParseFrom(value);
        var content = RecordContent.Parser.ParseFrom(signed.Content);
        change(content);
        signed.Content = content.ToByteString();
        return signed.ToByteArray();
    }

    /// <summary>The same record, changed by somebody who has the network's key after it was sealed.</summary>
    public byte[] TamperAsMember(byte[] value, Action<RecordContent> change)
    {
        var signed = SignedRecord.Parser.ParseFrom(Tamper(value, change));
        signed.Signature = ByteString.CopyFrom(node.Keys.Sign(RecordBytes.ForNetwork(Key, signed.Content.Span)));
        return signed.ToByteArray();
    }
}
