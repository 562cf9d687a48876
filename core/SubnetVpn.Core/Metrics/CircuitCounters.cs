using SubnetVpn.Resilience;

namespace SubnetVpn.Core.Metrics;

/// <summary>One circuit breaker: its state, and how often it came to each.</summary>
internal sealed class CircuitCounters
{
    private readonly long[] _entered = new long[3];
    private int _state;

    public CircuitState State => (CircuitState)Volatile.Read(ref _state);

    public long Entered(CircuitState state) => Volatile.Read(ref _entered[(int)state]);

    public void Enter(CircuitState state)
    {
        Volatile.Write(ref _state, (int)state);
        Interlocked.Increment(ref _entered[(int)state]);
    }
}
