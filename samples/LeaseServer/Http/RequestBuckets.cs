using System.Net;
using SubnetVpn;

namespace LeaseServer.Http;

/// <summary>How many requests each remote address may still send: a bucket of tokens that fills with time. Bounded. Thread-safe.</summary>
/// <param name="perSecond">How many in the long run.</param>
/// <param name="burst">How many at once.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestBuckets(int perSecond, int burst, TimeProvider time)
{
    private const int MaxBuckets = 10_000;

    // An IPv6 host has as many addresses as it likes in its subnet.
    private const int HostPrefixLength = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<IpPrefix, (double Tokens, long At)> _buckets = [];

    /// <summary>Takes a token; false when there is none.</summary>
    public bool TryTake(IPAddress remote)
    {
        var address = VirtualIp.From(remote);
        var key = new IpPrefix(address, address.IsIPv4 ? address.BitLength : HostPrefixLength);
        lock (_gate)
        {
            if (!_buckets.ContainsKey(key) && _buckets.Count >= MaxBuckets && !MakeRoom())
                return false;
            var tokens = Tokens(key);
            if (tokens < 1)
                return false;
            _buckets[key] = (tokens - 1, time.GetTimestamp());
            return true;
        }
    }

    private double Tokens(IpPrefix key) =>
        _buckets.TryGetValue(key, out var bucket) ? Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At).TotalSeconds * perSecond)) : burst;

    // A full bucket is as good as none.
    private bool MakeRoom()
    {
        foreach (var key in _buckets.Keys)
            if (Tokens(key) >= burst)
                _buckets.Remove(key);
        return _buckets.Count < MaxBuckets;
    }
}
