using System.Net.NetworkInformation;
using SubnetVpn.Core.Hosting.Control;

namespace SubnetVpn.Cli.Background;

/// <summary>Waits for the first sign of another member of a network.</summary>
internal sealed class FirstPeer(ControlClient client, string network, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // The other side may have to find this node before it can answer. A firewall that drops pings must not cost more than this.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>Waits.</summary>
    /// <param name="inviter">Addresses to ping: that has the node look for who holds them.</param>
    /// <param name="limit">How long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was seen, in words; null when there was nothing.</returns>
    public async Task<string?> WaitAsync(IReadOnlyList<VirtualIp> inviter, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        (string Text, TimeSpan At)? connected = null;
        while (true)
        {
            var connecting = FindConnectedAsync(cancellationToken);
            var replies = await Task.WhenAll(inviter.Select(address => PingAsync(address, cancellationToken)));
            var elapsed = time.GetElapsedTime(start);
            if (Array.Find(replies, static reply => reply is not null) is { } reply)
                return $"{reply}, {elapsed.TotalSeconds:F1} s after the node was up";
            if (await connecting is { } peer)
                connected ??= (peer, elapsed);
            if (connected is { } seen && (inviter.Count == 0 || elapsed >= seen.At + s_grace || elapsed >= limit))
                return $"{seen.Text}, {seen.At.TotalSeconds:F1} s after the node was up{(inviter.Count == 0 ? string.Empty : "; it does not answer to ping")}";
            if (elapsed >= limit)
                return null;
            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    private static async Task<string?> PingAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        try
        {
            using var ping = new Ping();
            var reply = await ping.SendPingAsync(address.ToIPAddress(), s_patience, buffer: null, options: null, cancellationToken);
            return reply.Status == IPStatus.Success ? $"{address} answers" : null;
        }
        catch (PingException)
        {
            // Not allowed, or no route yet: what the node says of its peers is enough.
            return null;
        }
    }

    private async Task<string?> FindConnectedAsync(CancellationToken cancellationToken)
    {
        var peers = (await client.GetPeersAsync(cancellationToken)).Peers;
        var peer = peers.FirstOrDefault(peer => peer.Network == network && peer.State == "connected");
        return peer is null ? null : $"{string.Join(", ", peer.VirtualIps)} is connected ({peer.Peer})";
    }
}
