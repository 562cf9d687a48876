namespace SubnetVpn.Simulation.Tests.World;

/// <summary>What went wrong in a simulation: the first few faults in words, and how many there were. Thread-safe.</summary>
internal sealed class FaultList
{
    private const int Kept = 8;

    private readonly Lock _gate = new();
    private readonly List<string> _faults = [];
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public void Add(string fault)
    {
        lock (_gate)
        {
            _count++;
            if (_faults.Count < Kept)
                _faults.Add(fault);
        }
    }

    public override string ToString()
    {
        lock (_gate)
            return $"{_count} faults:{string.Concat(_faults.Select(static fault => $"\n  - {fault}"))}";
    }
}
