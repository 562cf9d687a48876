using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>
/// Decides whether an accepted connection may begin its handshake: bounds those under way, in all and per remote
/// address, and how fast one address may bring new ones (a token bucket each; the table of buckets is bounded).
/// </summary>
internal sealed class InboundGate(HostLimits limits, TimeProvider time)
{
    private const int MaxAddresses = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Origin> _origins = [];
    private int _pending;

    /// <summary>Null when it may; then <see cref="Leave"/> follows. Otherwise the limit that stands against it.</summary>
    public Libp2pLimit? TryEnter(IPAddress remote)
    {
        IPAddress key = KeyOf(remote);
        lock (_gate)
        {
            if (_pending >= limits.MaxPendingInbound)
            {
                return Libp2pLimit.PendingInbound;
            }

            if (!_origins.TryGetValue(key, out Origin? origin))
            {
                if (_origins.Count >= MaxAddresses && !TryForgetQuiet())
                {
                    return Libp2pLimit.PendingInbound;
                }

                origin = new Origin { Tokens = limits.InboundBurstPerAddress, RefilledAt = time.GetTimestamp() };
                _origins.Add(key, origin);
            }

            if (origin.Pending >= limits.MaxPendingInboundPerAddress)
            {
                return Libp2pLimit.PendingInboundPerAddress;
            }

            Refill(origin);
            if (limits.InboundRatePerAddress > 0)
            {
                if (origin.Tokens < 1)
                {
                    return Libp2pLimit.InboundRatePerAddress;
                }

                origin.Tokens--;
            }

            origin.Pending++;
            _pending++;
            return null;
        }
    }

    /// <summary>The handshake of a connection that was let in is over.</summary>
    public void Leave(IPAddress remote)
    {
        lock (_gate)
        {
            _pending--;
            _origins[KeyOf(remote)].Pending--;
        }
    }

    /// <summary>Who has one IPv6 address has its whole /64.</summary>
    private static IPAddress KeyOf(IPAddress remote)
    {
        if (remote.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return remote;
        }

        Span<byte> bytes = stackalloc byte[16];
        remote.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private void Refill(Origin origin)
    {
        long now = time.GetTimestamp();
        origin.Tokens = Math.Min(
            limits.InboundBurstPerAddress,
            origin.Tokens + (time.GetElapsedTime(origin.RefilledAt, now).TotalSeconds * limits.InboundRatePerAddress));
        origin.RefilledAt = now;
    }

    /// <summary>Makes room: an address with nothing under way whose bucket is full again is as good as unknown.</summary>
    private bool TryForgetQuiet()
    {
        foreach ((IPAddress key, Origin origin) in _origins.ToArray())
        {
            Refill(origin);
            if (origin.Pending == 0 && origin.Tokens >= limits.InboundBurstPerAddress)
            {
                _origins.Remove(key);
            }
        }

        return _origins.Count < MaxAddresses;
    }

    private sealed class Origin
    {
        public int Pending;
        public double Tokens;
        public long RefilledAt;
    }
}
