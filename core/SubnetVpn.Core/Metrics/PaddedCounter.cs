using System.Runtime.InteropServices;

namespace SubnetVpn.Core.Metrics;

/// <summary>
/// A counter for the packet path: one locked addition. It fills a cache line of its own (128 bytes: processors fetch lines
/// in pairs), so that counting on one core does not slow down the counters of another.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct PaddedCounter
{
    [FieldOffset(64)]
    private long _value;

    public readonly long Value => Volatile.Read(in _value);

    public void Add(long count) => Interlocked.Add(ref _value, count);
}
