using System.Collections.Concurrent;

namespace SubnetVpn.Core.Metrics;

/// <summary>
/// Values by key, at most so many; every key beyond shares one value. Keys become labels of metrics, and some come from
/// peers, who must not be able to make us hold more and more of them. Thread-safe.
/// </summary>
internal sealed class BoundedTable<TKey, TValue>(int limit)
    where TKey : notnull
    where TValue : class, new()
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();
    private readonly Lock _gate = new();
    private int _count;

    /// <summary>The shared value of the keys that found no room.</summary>
    public TValue Others { get; } = new();

    public IEnumerable<KeyValuePair<TKey, TValue>> Entries => _entries;

    public TValue this[TKey key] => _entries.TryGetValue(key, out var value) ? value : Add(key);

    private TValue Add(TKey key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var value))
                return value;
            if (_count == limit)
                return Others;
            value = new TValue();
            _entries[key] = value;
            _count++;
            return value;
        }
    }
}
