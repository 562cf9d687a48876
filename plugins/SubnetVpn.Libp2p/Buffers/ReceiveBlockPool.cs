namespace SubnetVpn.Libp2p.Buffers;

/// <summary>
/// Blocks for data that no reader was waiting for. How much is out at once is limited, for each connection and in all, so that
/// peers cannot make a host hold more, whatever windows they were given. When the whole is used up, every connection may
/// still hold a little: those that use it up do not take it from the others.
/// </summary>
internal sealed class ReceiveBlockPool(long maxOutstandingBytes)
{
    /// <summary>Small enough that a stream with one byte waiting costs little, large enough that a window needs few.</summary>
    public const int BlockBytes = 16 * 1024;

    /// <summary>What a connection may hold however much the others do: 512 KiB.</summary>
    private const int GuaranteedBlocks = 32;

    private const int MaxFreeBlocks = 1024;

    private readonly Lock _gate = new();
    private readonly int _maxOutstanding = (int)Math.Max(1, maxOutstandingBytes / BlockBytes);
    private ReceiveBlock? _free;
    private int _freeCount;
    private int _outstanding;

    /// <summary>Blocks that are out now.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public bool TryRent(ReceiveAccount account, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReceiveBlock? block)
    {
        lock (_gate)
        {
            block = null;
            if (account.Blocks >= account.MaxBlocks || (_outstanding >= _maxOutstanding && account.Blocks >= GuaranteedBlocks))
            {
                return false;
            }

            account.Blocks++;
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

    public void Return(ReceiveAccount account, ReceiveBlock block)
    {
        lock (_gate)
        {
            if (_outstanding == 0 || account.Blocks == 0)
            {
                throw new InvalidOperationException("A block was returned twice.");
            }

            account.Blocks--;
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
