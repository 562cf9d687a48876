namespace SubnetVpn.Libp2p.Buffers;

/// <summary>
/// Blocks for data that no reader was waiting for. The number of blocks out at once is limited, so that
/// peers cannot make a host hold more than that, whatever windows they were given.
/// </summary>
internal sealed class ReceiveBlockPool(long maxOutstandingBytes)
{
    /// <summary>Small enough that a stream with one byte waiting costs little, large enough that a window needs few.</summary>
    public const int BlockBytes = 16 * 1024;

    private const int MaxFreeBlocks = 1024;

    private readonly Lock _gate = new();
    private readonly int _maxOutstanding = (int)Math.Max(1, maxOutstandingBytes / BlockBytes);
    private ReceiveBlock? _free;
    private int _freeCount;
    private int _outstanding;

    /// <summary>Blocks that are out now.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public bool TryRent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReceiveBlock? block)
    {
        lock (_gate)
        {
            block = null;
            if (_outstanding >= _maxOutstanding)
            {
                return false;
            }

            _outstanding++;
            if (_free is not null)
            {
                block = _free;
                _free = block.Next;
                _freeCount--;
                block.Next = null;
            }
        }

        block ??= new ReceiveBlock();
        block.Start = block.End = 0;
        return true;
    }

    public void Return(ReceiveBlock block)
    {
        lock (_gate)
        {
            if (_outstanding == 0)
            {
                throw new InvalidOperationException("A block was returned twice.");
            }

            _outstanding--;
            if (_freeCount < MaxFreeBlocks)
            {
                block.Next = _free;
                _free = block;
                _freeCount++;
            }
        }
    }
}
