namespace SubnetVpn.Core.Packets;

/// <summary>How many buffers a <see cref="PacketPool"/> keeps.</summary>
public sealed class PacketPoolOptions
{
    /// <summary>Buffers for packets of up to 2,048 bytes that are kept for reuse. Default: 4,096, about 9 MiB.</summary>
    public int RetainedSmall { get; set; } = 4096;

    /// <summary>Buffers for packets of up to 65,535 bytes that are kept for reuse. Default: 128, about 8 MiB.</summary>
    public int RetainedLarge { get; set; } = 128;

    /// <summary>
    /// Whether a buffer that is returned twice, or is not from the pool, throws, and a returned one is overwritten so that
    /// late use shows. Costs a hash set; for tests. Default: false.
    /// </summary>
    public bool CheckMisuse { get; set; }
}
