using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>
/// Decides which accepted connections may go through their handshake. Bounds how fast one address may bring new ones (a token
/// bucket each; the table of buckets is bounded), and how many are under way, in all and for each address: a newer one takes
/// the place of the oldest, so that connections which are only held open keep nobody out.
/// </summary>
internal sealed class InboundGate(HostLimits limits, TimeProvider time)
{
    private const int MaxAddresses = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Origin> _origins = [];
    private readonly LinkedList<InboundTicket> _pending = [];

    /// <summary>
    /// A ticket when it may go on; <see cref="Leave"/> follows. <paramref name="limit"/> is the limit that stands against it,
    /// or that cost an older one its place.
    /// </summary>
    public InboundTicket? TryEnter(IPAddress remote, out Libp2pLimit? limit)
    {
        InboundTicket? evicted = null;
        InboundTicket ticket;
        lock (_gate)
        {
            IPAddress key = KeyOf(remote);
            if (FindOrigin(key) is not { } origin)
            {
                limit = Libp2pLimit.PendingInbound;
                return null;
            }

            if (!TryTakeToken(origin))
            {
                limit = Libp2pLimit.InboundRatePerAddress;
                return null;
            }

            limit = null;
            if (origin.Pending >= limits.MaxPendingInboundPerAddress)
            {
                limit = Libp2pLimit.PendingInboundPerAddress;
                evicted = _pending.First(other => other.Origin.Equals(key));
            }
            else if (_pending.Count >= limits.MaxPendingInbound)
            {
                limit = Libp2pLimit.PendingInbound;
                evicted = _pending.First!.Value;
            }

            if (evicted is not null)
            {
                Remove(evicted);
            }

            ticket = new InboundTicket(key);
            _pending.AddLast(ticket);
            origin.Pending++;
        }

        evicted?.Evict();
        return ticket;
    }

    /// <summary>The handshake of a connection that was let in is over.</summary>
    public void Leave(InboundTicket ticket)
    {
        lock (_gate)
        {
            Remove(ticket);
        }

        ticket.Dispose();
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

    private void Remove(InboundTicket ticket)
    {
        if (_pending.Remove(ticket))
        {
            _origins[ticket.Origin].Pending--;
        }
    }

    private Origin? FindOrigin(IPAddress key)
    {
        if (!_origins.TryGetValue(key, out Origin? origin))
        {
            if (_origins.Count >= MaxAddresses && !TryForgetQuiet())
            {
                return null;
            }

            origin = new Origin { Tokens = limits.InboundBurstPerAddress, RefilledAt = time.GetTimestamp() };
            _origins.Add(key, origin);
        }

        return origin;
    }

    private bool TryTakeToken(Origin origin)
    {
        if (limits.InboundRatePerAddress <= 0)
        {
            return true;
        }

        Refill(origin);
        if (origin.Tokens < 1)
        {
            return false;
        }

        origin.Tokens--;
        return true;
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
