namespace SubnetVpn.Core.Addresses;

/// <summary>What befell the addresses of a network, over all the times that it is started. Thread-safe.</summary>
public sealed class AddressHistory
{
    // A rival that claims one address after the other.
    private const int MaxLost = 1024;

    // Enough to get around the peers of a LAN that came first.
    private const int MaxHearsay = 8;

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<AddressConflictOutcome>().Length];
    private readonly Queue<VirtualIp> _lost = [];
    private AddressConflict? _last;
    private int _hearsay;

    /// <summary>The last conflict; null when there was none.</summary>
    public AddressConflict? Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Automatic addresses that this node had and lost, the oldest first; it does not take them again.</summary>
    public IReadOnlyList<VirtualIp> Lost
    {
        get
        {
            lock (_gate)
                return [.. _lost];
        }
    }

    /// <summary>How many conflicts ended in a way.</summary>
    /// <param name="outcome">The way.</param>
    public long Count(AddressConflictOutcome outcome)
    {
        lock (_gate)
            return _counts[(int)outcome];
    }

    /// <summary>Adds a conflict.</summary>
    /// <param name="conflict">The conflict.</param>
    public void Add(AddressConflict conflict)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        lock (_gate)
        {
            _counts[(int)conflict.Outcome]++;
            _last = conflict;
            if (conflict.Outcome != AddressConflictOutcome.Moved || _lost.Contains(conflict.Address))
                return;
            _lost.Enqueue(conflict.Address);
            if (_lost.Count > MaxLost)
                _lost.Dequeue();
        }
    }

    /// <summary>Forgets what was lost: there is nothing else left to take.</summary>
    public void ForgetLost()
    {
        lock (_gate)
            _lost.Clear();
    }

    /// <summary>
    /// Whether a network that starts takes another address for a claim that anybody can forge: some times, as who forges one for each
    /// address must not keep it from starting.
    /// </summary>
    internal bool TryYieldToHearsay()
    {
        lock (_gate)
            return _hearsay < MaxHearsay && ++_hearsay > 0;
    }

    /// <summary>An address was found.</summary>
    internal void EndYielding()
    {
        lock (_gate)
            _hearsay = 0;
    }
}
