namespace SubnetVpn.Core.Packets;

/// <summary>
/// The kept buffers of one size, last in first out, so that the one that is still in the processor's cache is lent next.
/// A short lock around an array: packets are rented on one thread and returned on another, so there is nothing that a
/// cache per thread could keep.
/// </summary>
internal sealed class PacketPoolShelf(int retained)
{
    private readonly Lock _gate = new();
    private readonly PacketBuffer?[] _kept = new PacketBuffer?[retained];
    private int _count;
    private int _rented;

    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Takes a kept buffer; null when there is none and the caller must make one. Either way one more is lent.</summary>
    public PacketBuffer? Take()
    {
        lock (_gate)
        {
            _rented++;
            if (_count == 0)
                return null;
            var buffer = _kept[--_count];
            _kept[_count] = null;
            return buffer;
        }
    }

    public void Put(PacketBuffer buffer)
    {
        lock (_gate)
        {
            _rented--;
            if (_count < _kept.Length)
                _kept[_count++] = buffer;
        }
    }
}
