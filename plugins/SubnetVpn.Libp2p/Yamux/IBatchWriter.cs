namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Where the multiplexer puts the bytes of one send.</summary>
internal interface IBatchWriter
{
    /// <summary>Bytes that still fit into this send.</summary>
    int Remaining { get; }

    /// <summary>Copies <paramref name="bytes"/>; they must fit.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
