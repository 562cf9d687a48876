using System.Net;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>The place of one inbound connection among those whose handshake is not finished.</summary>
internal sealed class InboundTicket(IPAddress origin) : IDisposable
{
    private readonly CancellationTokenSource _evicted = new();

    /// <summary>The address, or the network, that the limits count it under.</summary>
    public IPAddress Origin { get; } = origin;

    /// <summary>Cancelled when newer connections need the place.</summary>
    public CancellationToken Evicted => _evicted.Token;

    public void Evict()
    {
        try
        {
            _evicted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Its handshake ended at this very moment.
        }
    }

    public void Dispose() => _evicted.Dispose();
}
