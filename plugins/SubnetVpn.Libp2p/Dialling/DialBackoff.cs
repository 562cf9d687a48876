using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>
/// Which addresses of which peers failed lately. After n failures in a row an address rests for
/// <c>base + n² seconds</c>, at most the maximum. Bounded: when full, the entry that ends first makes room.
/// </summary>
internal sealed class DialBackoff(DialOptions options, TimeProvider time)
{
    private const int MaxEntries = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<(PeerId Peer, Multiaddr Address), Entry> _entries = [];

    /// <summary>Whether the address rests, and if so why and until when.</summary>
    public bool IsResting(PeerId peer, Multiaddr address, out Entry entry)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((peer, address), out entry) && entry.Until > time.GetUtcNow();
        }
    }

    public void Failed(PeerId peer, Multiaddr address, DialFailure failure, string detail)
    {
        if (options.BackoffMax <= TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            int failures = _entries.TryGetValue((peer, address), out Entry old) ? old.Failures + 1 : 1;
            TimeSpan rest = options.BackoffBase + TimeSpan.FromSeconds(Math.Min(1e6, (double)failures * failures));
            rest = rest < options.BackoffMax ? rest : options.BackoffMax;
            if (failures == 1 && _entries.Count >= MaxEntries)
            {
                _entries.Remove(_entries.MinBy(static pair => pair.Value.Until).Key);
            }

            DateTimeOffset now = time.GetUtcNow();
            _entries[(peer, address)] = new Entry(failures, now, now + rest, failure, detail);
        }
    }

    /// <summary>What failed since the address last worked, in no order.</summary>
    public IReadOnlyList<FailedAddress> Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries.Select(static pair => new FailedAddress(
                pair.Key.Peer, pair.Key.Address, pair.Value.Failure, pair.Value.Detail, pair.Value.FailedAt, pair.Value.Until))];
        }
    }

    public void Succeeded(PeerId peer, Multiaddr address)
    {
        lock (_gate)
        {
            _entries.Remove((peer, address));
        }
    }

    /// <summary>The peer is there after all: it reached us.</summary>
    public void Clear(PeerId peer)
    {
        lock (_gate)
        {
            if (_entries.Count == 0)
            {
                return;
            }

            foreach ((PeerId Peer, Multiaddr Address) key in _entries.Keys.Where(key => key.Peer == peer).ToArray())
            {
                _entries.Remove(key);
            }
        }
    }

    /// <summary>An address that rests.</summary>
    public readonly record struct Entry(int Failures, DateTimeOffset FailedAt, DateTimeOffset Until, DialFailure Failure, string Detail);
}
