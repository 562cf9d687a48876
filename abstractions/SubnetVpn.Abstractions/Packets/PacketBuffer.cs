namespace SubnetVpn;

/// <summary>
/// One IP packet in a reusable buffer, with room in front for the headers of frames and of encryption, and behind
/// for an authentication tag, so that a packet can be framed and encrypted where it was read.
/// </summary>
/// <remarks>
/// Layout: <c>| headroom | packet | tailroom |</c>, in one pinned array. There is exactly one owner at a time: who
/// rented it, or who it was handed to. The owner calls <see cref="Release"/> once, or hands it on. Not thread-safe;
/// handing over to another thread needs the usual publication (a queue or a lock does).
/// </remarks>
public sealed class PacketBuffer
{
    /// <summary>Bytes kept free in front of a packet: 64, enough for frame (5), offload (10), yamux (12) and Noise (2) headers.</summary>
    public const int Headroom = 64;

    /// <summary>Bytes kept free behind a packet: 32, enough for an authentication tag (16).</summary>
    public const int Tailroom = 32;

    /// <summary>The largest IP packet: 65,535 bytes.</summary>
    public const int MaxPacketLength = 65_535;

    private readonly byte[] _array;
    private readonly IPacketBufferOwner? _owner;

    /// <summary>Makes a buffer. Code on the packet path rents from an <see cref="IPacketPool"/> instead.</summary>
    /// <param name="capacity">The longest packet it can hold, in bytes: 1 to <see cref="MaxPacketLength"/>.</param>
    /// <param name="owner">Who takes it back on <see cref="Release"/>; null leaves it to the garbage collector.</param>
    public PacketBuffer(int capacity, IPacketBufferOwner? owner = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxPacketLength);
        Capacity = capacity;
        // Pinned, so that system calls take its address without pinning it each time.
        _array = GC.AllocateUninitializedArray<byte>(Headroom + capacity + Tailroom, pinned: true);
        _owner = owner;
        Offset = Headroom;
    }

    /// <summary>The longest packet it can hold, in bytes.</summary>
    public int Capacity { get; }

    /// <summary>Where the content begins in <see cref="Array"/>; at most <see cref="Headroom"/> after a reset.</summary>
    public int Offset { get; private set; }

    /// <summary>Length of the content in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>What is left to do for the packet (checksum, segmentation).</summary>
    public PacketOffload Offload { get; set; }

    /// <summary>A mark for whoever owns the buffer, such as the time it was queued; cleared by <see cref="Reset"/>.</summary>
    public long Tag { get; set; }

    /// <summary>The pinned array under it all.</summary>
    public byte[] Array => _array;

    /// <summary>The content. Valid while the buffer is owned.</summary>
    public Span<byte> Span => _array.AsSpan(Offset, Length);

    /// <summary>The content. Valid while the buffer is owned.</summary>
    public Memory<byte> Memory => _array.AsMemory(Offset, Length);

    /// <summary>The whole room for a packet, from the headroom to <see cref="Capacity"/>: read into it, then <see cref="SetLength"/>.</summary>
    public Memory<byte> Room => _array.AsMemory(Headroom, Capacity);

    /// <summary>Says how many bytes were read into <see cref="Room"/>; the content begins after the headroom again.</summary>
    /// <param name="length">0 to <see cref="Capacity"/>.</param>
    public void SetLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Capacity);
        Offset = Headroom;
        Length = length;
    }

    /// <summary>Copies a packet in.</summary>
    /// <param name="packet">At most <see cref="Capacity"/> bytes.</param>
    public void Set(ReadOnlySpan<byte> packet)
    {
        SetLength(packet.Length);
        packet.CopyTo(Span);
    }

    /// <summary>Moves the start of the content into the headroom, for a header.</summary>
    /// <param name="count">Bytes of the header.</param>
    /// <returns>The room for the header; write all of it.</returns>
    /// <exception cref="InvalidOperationException">The headroom is used up.</exception>
    public Span<byte> Prepend(int count)
    {
        if ((uint)count > (uint)Offset)
            throw new InvalidOperationException($"{count} bytes do not fit into the {Offset} bytes of headroom that are left.");
        Offset -= count;
        Length += count;
        return _array.AsSpan(Offset, count);
    }

    /// <summary>Removes bytes from the front of the content, such as a header that was read.</summary>
    /// <param name="count">0 to <see cref="Length"/>.</param>
    public void TrimStart(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        Offset += count;
        Length -= count;
    }

    /// <summary>Makes it empty: no content, no offload, no tag.</summary>
    public void Reset()
    {
        Offset = Headroom;
        Length = 0;
        Offload = default;
        Tag = 0;
    }

    /// <summary>Gives the buffer back. The caller must not touch it again.</summary>
    public void Release() => _owner?.Return(this);
}
