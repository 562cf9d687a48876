using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Streams;
using SubnetVpn.Transport.Libp2p.Streams;

namespace SubnetVpn.Transport.Libp2p;

/// <content>Opening streams.</content>
public sealed partial class Libp2pTransport
{
    /// <inheritdoc/>
    public async ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Protocols.Count == 0)
        {
            throw new ArgumentException("At least one protocol is needed.", nameof(request));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var addresses = Parse(peer.Addresses, out var unfit);
        var result = await _host
            .OpenStreamAsync(PeerIds.ToLibrary(peer.Peer), addresses, request.Protocols, request.Lane, cancellationToken)
            .ConfigureAwait(false);
        if (result.Stream is not null)
        {
            return OpenStreamResult.Opened(new Libp2pVpnStream(result.Stream, _time));
        }

        if (result.Failure == DialFailure.Cancelled)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        var detail = string.Join("; ", unfit.Append(result.Detail));
        return OpenStreamResult.Failed(Failures.ToContract(result.Failure), $"{peer.Peer}: {detail}", RetryAfter(result.RetryAt));
    }

    // An address that we cannot read is no reason not to try the others.
    private static List<Multiaddr> Parse(IReadOnlyList<string> addresses, out List<string> unfit)
    {
        var parsed = new List<Multiaddr>(addresses.Count);
        unfit = [];
        foreach (var text in addresses)
        {
            if (Multiaddr.TryParse(text, out var address, out var error))
            {
                parsed.Add(address);
            }
            else
            {
                unfit.Add(error);
            }
        }

        return parsed;
    }

    private TimeSpan? RetryAfter(DateTimeOffset? retryAt)
    {
        var wait = retryAt - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }
}
