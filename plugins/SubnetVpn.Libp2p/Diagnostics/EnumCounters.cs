using System.Runtime.CompilerServices;

namespace SubnetVpn.Libp2p.Diagnostics;

/// <summary>One counter for each value of an enum that counts from 0.</summary>
internal sealed class EnumCounters<TEnum>
    where TEnum : struct, Enum
{
    private static readonly TEnum[] _values = Enum.GetValues<TEnum>();

    private readonly long[] _counts = new long[_values.Max(static value => Unsafe.BitCast<TEnum, int>(value)) + 1];

    public void Increment(TEnum value) => Interlocked.Increment(ref _counts[Unsafe.BitCast<TEnum, int>(value)]);

    /// <summary>The counters that are not zero.</summary>
    public IReadOnlyDictionary<TEnum, long> Snapshot()
    {
        var result = new Dictionary<TEnum, long>();
        foreach (TEnum value in _values)
        {
            long count = Interlocked.Read(ref _counts[Unsafe.BitCast<TEnum, int>(value)]);
            if (count != 0)
            {
                result[value] = count;
            }
        }

        return result;
    }
}
