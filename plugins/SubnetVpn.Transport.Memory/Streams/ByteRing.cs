using System.Buffers;

namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>A queue of bytes up to a limit, in one array that grows as it is needed. Not thread-safe.</summary>
internal sealed class ByteRing(int limit)
{
    private const int FirstSize = 4096;
    private byte[] _array = [];
    private int _head;

    /// <summary>Bytes in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that fit.</summary>
    public int Room => limit - Count;

    /// <summary>Adds bytes; they must fit.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Room)
            throw new InvalidOperationException("The bytes do not fit.");
        if (Count + bytes.Length > _array.Length)
            Grow(Count + bytes.Length);
        var tail = (_head + Count) % _array.Length;
        var first = Math.Min(bytes.Length, _array.Length - tail);
        bytes[..first].CopyTo(_array.AsSpan(tail));
        bytes[first..].CopyTo(_array);
        Count += bytes.Length;
    }

    /// <summary>Takes the oldest bytes; there must be as many.</summary>
    public void Take(Span<byte> destination)
    {
        if (destination.Length > Count)
            throw new InvalidOperationException("There are not that many bytes.");
        Peek(destination);
        Skip(destination.Length);
    }

    /// <summary>Removes the oldest bytes.</summary>
    public void Skip(int count)
    {
        Count -= count;
        _head = Count == 0 ? 0 : (_head + count) % _array.Length;
    }

    /// <summary>Gives the array back; the ring is empty then.</summary>
    public void Release()
    {
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        (_array, _head, Count) = ([], 0, 0);
    }

    private void Peek(Span<byte> destination)
    {
        var first = Math.Min(destination.Length, _array.Length - _head);
        _array.AsSpan(_head, first).CopyTo(destination);
        _array.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, Math.Min(limit, Math.Max(needed, _array.Length * 2))));
        var count = Count;
        Peek(larger.AsSpan(0, count));
        Release();
        (_array, Count) = (larger, count);
    }
}
