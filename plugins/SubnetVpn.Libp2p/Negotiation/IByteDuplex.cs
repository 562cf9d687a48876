namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>The bytes of a connection or stream, as negotiation needs them. One read and one write at a time.</summary>
internal interface IByteDuplex
{
    /// <summary>Whether the next read would give bytes at once. Only saves a write; false is always right.</summary>
    bool IsDataAvailable => false;

    /// <summary>Reads at least one byte and at most as many as fit; 0 when the other side has ended.</summary>
    ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Writes all of <paramref name="source"/>, in one piece.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken);
}
