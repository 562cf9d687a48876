using System.Buffers.Binary;

namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>What of a record everybody can read.</summary>
internal sealed record RecordHeader
{
    /// <summary>The length of what <see cref="WriteBytes"/> writes.</summary>
    public const int Length = 4 + 8 + 8 + 8 + AddressClaim.RankLength;

    public required ulong Sequence { get; init; }

    public required DateTimeOffset Issued { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>The rank of the claim.</summary>
    public required ReadOnlyMemory<byte> Rank { get; init; }

    /// <summary>The order that all nodes agree on, whether they can read the rest or not: the best rank, then the newest.</summary>
    public bool IsBetterThan(RecordHeader other)
    {
        var order = Rank.Span.SequenceCompareTo(other.Rank.Span);
        return order != 0 ? order < 0 : Sequence > other.Sequence;
    }

    /// <summary>The fields as they are signed and authenticated: <c>version 4 | sequence 8 | issued 8 | expires 8 | rank 33</c>, big-endian.</summary>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, RecordLimits.Version);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(destination[12..], Issued.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[20..], Expires.ToUnixTimeSeconds());
        Rank.Span.CopyTo(destination[28..]);
    }
}
