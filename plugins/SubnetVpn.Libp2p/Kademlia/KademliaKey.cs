using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>
/// A point of the key space: the SHA-256 of a peer id, of a value's key or of a provider's multihash. The distance of two is
/// their XOR, read as a number: itself such a value.
/// </summary>
internal readonly record struct KademliaKey : IComparable<KademliaKey>
{
    public const int Bits = 256;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private KademliaKey(ulong first, ulong second, ulong third, ulong fourth) =>
        (_first, _second, _third, _fourth) = (first, second, third, fourth);

    public static KademliaKey Of(ReadOnlySpan<byte> id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, hash);
        return FromBytes(hash);
    }

    public static KademliaKey FromBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));

    public KademliaKey DistanceTo(KademliaKey other) =>
        new(_first ^ other._first, _second ^ other._second, _third ^ other._third, _fourth ^ other._fourth);

    /// <summary>How many leading bits both share: 256 when they are the same.</summary>
    public int CommonPrefix(KademliaKey other)
    {
        KademliaKey distance = DistanceTo(other);
        return distance._first != 0 ? BitOperations.LeadingZeroCount(distance._first)
            : distance._second != 0 ? 64 + BitOperations.LeadingZeroCount(distance._second)
            : distance._third != 0 ? 128 + BitOperations.LeadingZeroCount(distance._third)
            : 192 + BitOperations.LeadingZeroCount(distance._fourth);
    }

    public int CompareTo(KademliaKey other)
    {
        int order = _first.CompareTo(other._first);
        order = order != 0 ? order : _second.CompareTo(other._second);
        order = order != 0 ? order : _third.CompareTo(other._third);
        return order != 0 ? order : _fourth.CompareTo(other._fourth);
    }
}
