using System.Diagnostics;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// The workers of one peer by connection key: open addressing, linear probing. Not thread-safe: guarded by the gate of the
/// session.
/// </summary>
/// <remarks>
/// <code>
///   hash ── upper bits ──▶ slot { worker, hash } ▶ slot ▶ … up to the first free one      worker ──▶ key
/// </code>
/// With many flows each packet's flow has to come from memory, and what costs is how often the processor has to wait for it. A
/// dictionary has it wait for the bucket, then for the entry with its key of 40 bytes, then for the worker; here it is the slot,
/// then the worker, which holds the key. Slots are in the order of their hashes, so growing reads and writes from front to back,
/// and touches no worker.
/// </remarks>
internal sealed class FlowTable
{
    // Below, all of it is in the cache anyway (2,048 slots and as many workers: 200 KB).
    private const int TouchedCapacity = 4096;

    // How many slots are touched in search of the worker, so that nothing is waited for.
    private const int TouchedSlots = 4;

    // Of 2^32 hashes. No smaller: every peer with a flow has one, and most have a few.
    private const int SmallestBits = 4;

    private const int HashBits = 32;

    private Slot[] _slots = new Slot[1 << SmallestBits];
    private int _shift = HashBits - SmallestBits;

    /// <summary>How many workers there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many slots there are; of these at most three quarters are taken.</summary>
    public int Capacity => _slots.Length;

    /// <summary>The worker of a key, or null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash: whoever waits for a lock has it made before.</param>
    public FlowWorker? Find(in ConnectionKey key, int hash)
    {
        var slots = _slots;
        for (var index = (int)((uint)hash >> _shift); ; index++)
        {
            ref readonly var slot = ref slots[index & (slots.Length - 1)];
            if (slot.Worker is not { } worker)
                return null;
            if (slot.Hash == hash && worker.IsOf(key))
                return worker;
        }
    }

    /// <summary>
    /// Reads the slot and the worker of a hash, if it is near, so that they are in the cache when they are needed. The one member that needs no
    /// gate: what it reads may be old.
    /// </summary>
    public long Touch(int hash)
    {
        var slots = Volatile.Read(ref _slots);
        if (slots.Length < TouchedCapacity)
            return 0;
        var index = (int)((uint)hash >> _shift);
        for (var slot = index; slot < index + TouchedSlots; slot++)
        {
            // Another thread may be moving the slot, or may have replaced the table: the one of a flow, or none, is read either way.
            ref readonly var candidate = ref slots[slot & (slots.Length - 1)];
            if (candidate.Hash == hash)
                return candidate.Worker?.Touch() ?? 0;
        }
        return 0;
    }

    /// <summary>Adds a worker whose key has none.</summary>
    public void Add(FlowWorker worker, int hash)
    {
        if ((Count + 1) * 4L > Capacity * 3L)
            Resize(HashBits - _shift + 1);
        Put(new Slot(worker, hash));
        Count++;
    }

    /// <summary>Takes away all workers.</summary>
    public void Clear()
    {
        (_slots, _shift) = (new Slot[1 << SmallestBits], HashBits - SmallestBits);
        Count = 0;
    }

    /// <summary>Gives back the memory that was needed when there were many more workers.</summary>
    public void Trim()
    {
        var bits = HashBits - _shift;
        // To be filled by at most a half then, so that it does not grow again at once.
        while (bits > SmallestBits && Count * 4L <= 1L << bits)
            bits--;
        if (bits < HashBits - _shift - 1)
            Resize(bits);
    }

    /// <summary>
    /// Goes on with a walk over all workers, through some slots, and takes away those that it is told to. Between two steps workers
    /// may come, and the table may grow: then the walk can miss a few.
    /// </summary>
    /// <param name="position">Where the walk is, 0 at first.</param>
    /// <param name="slots">Through how many slots it goes.</param>
    /// <param name="mayGo">Says of a worker whether it is to be taken away; it may not add or remove workers.</param>
    /// <returns>Whether there is more to walk.</returns>
    public bool Sweep(ref ulong position, int slots, Func<FlowWorker, bool> mayGo)
    {
        var index = (int)(position >> _shift);
        var end = Math.Min(Capacity, index + slots);
        while (index < end)
        {
            // What moves up to fill the gap is looked at next.
            if (_slots[index].Worker is { } worker && mayGo(worker))
                RemoveAt(index);
            else
                index++;
        }
        position = (ulong)end << _shift;
        return end < Capacity;
    }

    /// <summary>Every worker, for <c>foreach</c>. None may be added or removed meanwhile.</summary>
    public Enumerator GetEnumerator() => new(_slots);

    // Moves back what could not be put where it belongs because of the one that goes (D. Knuth, TAOCP 3, 6.4, algorithm R): with
    // marks in place of the gone, a table through which many flows went would fill up with them.
    private void RemoveAt(int gap)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var index = (gap + 1) & mask; slots[index].Worker is not null; index = (index + 1) & mask)
        {
            var home = (int)((uint)slots[index].Hash >> _shift);
            // Whether the gap lies between its home and where it is, around the end of the table.
            if (((index - home) & mask) < ((index - gap) & mask))
                continue;
            slots[gap] = slots[index];
            gap = index;
        }
        slots[gap] = default;
        Count--;
    }

    private void Put(in Slot entry)
    {
        var slots = _slots;
        var index = (int)((uint)entry.Hash >> _shift);
        while (slots[index & (slots.Length - 1)].Worker is not null)
            index++;
        slots[index & (slots.Length - 1)] = entry;
    }

    private void Resize(int bits)
    {
        Debug.Assert(Count < 1 << bits, "There would be no free slot.");
        var before = _slots;
        (_slots, _shift) = (new Slot[1 << bits], HashBits - bits);
        foreach (ref readonly var slot in before.AsSpan())
            if (slot.Worker is not null)
                Put(slot);
    }

    /// <summary>A place of the table; free when it has no worker.</summary>
    internal readonly struct Slot(FlowWorker worker, int hash)
    {
        public readonly FlowWorker? Worker = worker;
        public readonly int Hash = hash;
    }

    internal struct Enumerator
    {
        private readonly Slot[] _slots;
        private int _index;

        internal Enumerator(Slot[] slots) => (_slots, _index) = (slots, -1);

        public readonly FlowWorker Current => _slots[_index].Worker!;

        public bool MoveNext()
        {
            while (++_index < _slots.Length)
                if (_slots[_index].Worker is not null)
                    return true;
            return false;
        }
    }
}
