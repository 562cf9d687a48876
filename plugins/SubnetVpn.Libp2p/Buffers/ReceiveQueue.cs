namespace SubnetVpn.Libp2p.Buffers;

/// <summary>
/// Bytes in order, in pooled blocks. Small pieces are packed into the last block, so that many tiny frames
/// hold no more memory than their bytes need. Not safe for concurrent use: its stream's lock guards it.
/// </summary>
internal struct ReceiveQueue(ReceiveAccount account)
{
    private ReceiveBlock? _head;
    private ReceiveBlock? _tail;

    public long Length { get; private set; }

    /// <summary>Appends a copy. False when a limit is reached; then part may have been appended.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReceiveBlock? tail = _tail;
            if (tail is null || tail.End == ReceiveBlockPool.BlockBytes)
            {
                if (!account.TryRent(out ReceiveBlock? block))
                {
                    return false;
                }

                if (tail is null)
                {
                    _head = block;
                }
                else
                {
                    tail.Next = block;
                }

                _tail = tail = block;
            }

            int count = Math.Min(bytes.Length, ReceiveBlockPool.BlockBytes - tail.End);
            bytes[..count].CopyTo(tail.Bytes.AsSpan(tail.End));
            tail.End += count;
            Length += count;
            bytes = bytes[count..];
        }

        return true;
    }

    public int Read(Span<byte> destination)
    {
        int total = 0;
        while (_head is { } head && !destination.IsEmpty)
        {
            int count = Math.Min(destination.Length, head.End - head.Start);
            head.Bytes.AsSpan(head.Start, count).CopyTo(destination);
            destination = destination[count..];
            head.Start += count;
            total += count;
            if (head.Start == head.End)
            {
                RemoveHead(head);
            }
        }

        Length -= total;
        return total;
    }

    public void Clear()
    {
        while (_head is { } head)
        {
            RemoveHead(head);
        }

        Length = 0;
    }

    private void RemoveHead(ReceiveBlock head)
    {
        _head = head.Next;
        if (_head is null)
        {
            _tail = null;
        }

        head.Next = null;
        account.Return(head);
    }
}
