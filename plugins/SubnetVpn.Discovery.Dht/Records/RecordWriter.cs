using System.Security.Cryptography;
using Google.Protobuf;
using SubnetVpn.Discovery.Dht.Records.Wire;

namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>Makes records of this node. Thread-safe.</summary>
internal sealed class RecordWriter(NetworkContext network, NetworkKeys keys, INodeIdentity identity)
{
    /// <summary>Makes the value of the record of an address that this node holds.</summary>
    /// <param name="claim">Our claim to it.</param>
    /// <param name="dialAddresses">Where to dial us.</param>
    /// <param name="sequence">Higher than that of any former one.</param>
    /// <param name="issued">The time.</param>
    /// <param name="lifetime">How long it holds.</param>
    /// <param name="isReleased">Whether it says that we hold the address no longer.</param>
    public byte[] Write(AddressClaim claim, IReadOnlyList<string> dialAddresses, ulong sequence, DateTimeOffset issued, TimeSpan lifetime, bool isReleased = false)
    {
        Span<byte> address = stackalloc byte[16];
        var mapping = new Mapping
        {
            Network = network.Name,
            Address = ByteString.CopyFrom(address[..claim.Address.WriteBytes(address)]),
            Peer = claim.Peer.ToString(),
            Automatic = claim.IsAutomatic,
            Released = isReleased,
        };
        mapping.Addresses.AddRange(dialAddresses.Where(static text => text.Length <= RecordLimits.MaxAddressLength).Take(RecordLimits.MaxAddresses));
        var rank = new byte[AddressClaim.RankLength];
        claim.WriteRank(network.Key, rank);
        var header = new RecordHeader { Sequence = sequence, Issued = issued, Expires = issued + lifetime, Rank = rank };
        return Write(keys.KeyOf(claim.Address), header, mapping);
    }

    internal byte[] Write(byte[] key, RecordHeader header, Mapping mapping)
    {
        var plain = mapping.ToByteArray();
        var signed = new PeerRecord { Mapping = ByteString.CopyFrom(plain), Signature = ByteString.CopyFrom(identity.Sign(RecordBytes.ForPeer(key, header, plain))) };
        var nonce = RandomNumberGenerator.GetBytes(SealedLength.Nonce);
        var content = new RecordContent
        {
            Version = RecordLimits.Version,
            Sequence = header.Sequence,
            Issued = header.Issued.ToUnixTimeSeconds(),
            Expires = header.Expires.ToUnixTimeSeconds(),
            Rank = ByteString.CopyFrom(header.Rank.Span),
            Nonce = ByteString.CopyFrom(nonce),
            Sealed = ByteString.CopyFrom(keys.Seal(nonce, signed.ToByteArray(), RecordBytes.Associated(key, header))),
        }.ToByteArray();
        return new SignedRecord { Content = ByteString.CopyFrom(content), Signature = ByteString.CopyFrom(keys.Sign(RecordBytes.ForNetwork(key, content))) }.ToByteArray();
    }
}
