namespace SubnetVpn.Libp2p.Buffers;

/// <summary>
/// The buffers that connections send from and receive into. A connection holds one only while bytes flow,
/// so a host with a thousand quiet connections holds none.
/// </summary>
internal sealed class LargeBufferPool
{
    /// <summary>Four full Noise frames: what one send or receive moves at most.</summary>
    public const int BufferBytes = 4 * (2 + 65535);

    private const int MaxFreeBuffers = 32;

    private readonly Lock _gate = new();
    private readonly byte[]?[] _free = new byte[MaxFreeBuffers][];
    private int _freeCount;
    private int _outstanding;

    /// <summary>Buffers that are out now.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public byte[] Rent()
    {
        lock (_gate)
        {
            _outstanding++;
            if (_freeCount > 0)
            {
                byte[] buffer = _free[--_freeCount]!;
                _free[_freeCount] = null;
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<byte>(BufferBytes);
    }

    public void Return(byte[] buffer)
    {
        lock (_gate)
        {
            if (_outstanding == 0)
            {
                throw new InvalidOperationException("A buffer was returned twice.");
            }

            _outstanding--;
            if (_freeCount < MaxFreeBuffers)
            {
                _free[_freeCount++] = buffer;
            }
        }
    }
}
