namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

/// <summary>
/// Brings changes of state to one receiver, one at a time and in order, on the threads that made them, and without a lock
/// held meanwhile: who comes while another brings leaves his with that one.
/// </summary>
internal sealed class CircuitChangeQueue(Lock gate, Action<CircuitChange> receiver)
{
    // Only a receiver that is stuck lets it grow so long. The oldest go: it then finds the present again, not the past.
    private const int Capacity = 1024;

    private readonly Queue<CircuitChange> _changes = new();
    private bool _isBringing;

    /// <summary>Under the gate: in the order of the changes.</summary>
    public void Add(in CircuitChange change)
    {
        if (change.Before == change.After)
            return;
        if (_changes.Count == Capacity)
            _changes.Dequeue();
        _changes.Enqueue(change);
    }

    /// <summary>Outside the gate.</summary>
    public void Bring()
    {
        while (TryTake(out var change))
        {
            try
            {
                receiver(change);
            }
            finally
            {
                lock (gate)
                    _isBringing = false;
            }
        }
    }

    private bool TryTake(out CircuitChange change)
    {
        lock (gate)
        {
            change = default;
            if (_isBringing || !_changes.TryDequeue(out change))
                return false;
            _isBringing = true;
            return true;
        }
    }
}
