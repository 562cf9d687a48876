namespace SubnetVpn.Core.Packets;

/// <summary>
/// Lends packet buffers of two sizes: small ones for packets of an ordinary MTU, large ones for super-packets. Keeps a
/// bounded number of each for reuse; what is returned beyond that is left to the garbage collector. Thread-safe.
/// </summary>
public sealed class PacketPool : IPacketPool, IPacketBufferOwner
{
    /// <summary>The packet length up to which a small buffer is lent.</summary>
    public const int SmallCapacity = 2048;

    private readonly PacketPoolShelf _small;
    private readonly PacketPoolShelf _large;
    private readonly PacketPoolMisuse? _misuse;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="options">How many buffers it keeps; null for the defaults.</param>
    public PacketPool(PacketPoolOptions? options = null)
    {
        options ??= new PacketPoolOptions();
        _small = new PacketPoolShelf(options.RetainedSmall);
        _large = new PacketPoolShelf(options.RetainedLarge);
        _misuse = options.CheckMisuse ? new PacketPoolMisuse() : null;
    }

    /// <summary>How many buffers are lent out now.</summary>
    public int Rented => _small.Rented + _large.Rented;

    /// <inheritdoc/>
    public PacketBuffer Rent(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, PacketBuffer.MaxPacketLength);
        var buffer = capacity <= SmallCapacity
            ? _small.Take() ?? new PacketBuffer(SmallCapacity, this)
            : _large.Take() ?? new PacketBuffer(PacketBuffer.MaxPacketLength, this);
        _misuse?.OnRent(buffer);
        return buffer;
    }

    /// <inheritdoc/>
    public void Return(PacketBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        _misuse?.OnReturn(buffer);
        buffer.Reset();
        (buffer.Capacity == SmallCapacity ? _small : _large).Put(buffer);
    }
}
