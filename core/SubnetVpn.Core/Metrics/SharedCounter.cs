namespace SubnetVpn.Core.Metrics;

/// <summary>A counter as an object of its own, for tables and for what is not counted per packet.</summary>
internal sealed class SharedCounter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long count) => Interlocked.Add(ref _value, count);
}
