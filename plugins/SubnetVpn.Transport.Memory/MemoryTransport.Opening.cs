using SubnetVpn.Streams;
using SubnetVpn.Transport.Memory.Connections;

namespace SubnetVpn.Transport.Memory;

// Opening a stream: a connection that is there, or one round trip to make it; then one round trip for the protocol.
public sealed partial class MemoryTransport
{
    private const int MaxLanes = 8;
    private static readonly TimeSpan s_openTimeout = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async ValueTask<OpenStreamResult> OpenStreamAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Protocols.Count == 0)
            throw new ArgumentException("At least one protocol is needed.", nameof(request));
        cancellationToken.ThrowIfCancellationRequested();

        using var timeout = new CancellationTokenSource(s_openTimeout, _network.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, _stopping.Token);
        OpenStreamResult result;
        try
        {
            result = await OpenAsync(peer, request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = _stopping.IsCancellationRequested
                ? OpenStreamResult.Failed(OpenStreamFailure.Stopping, "The node is stopping.")
                : OpenStreamResult.Failed(OpenStreamFailure.TimedOut, $"The peer {peer.Peer} did not answer within {s_openTimeout.TotalSeconds} s.");
        }
        _counters.Count(result.Failure);
        return result;
    }

    private async ValueTask<OpenStreamResult> OpenAsync(PeerEndpoint peer, StreamRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (peer.Peer == Peer)
            return OpenStreamResult.Failed(OpenStreamFailure.Self, "The peer is this node.");
        var lane = (int)((uint)request.Lane % MaxLanes);
        var connection = _network.Find(this, peer.Peer, lane);
        if (connection is null && peer.Addresses.Count == 0)
            connection = _network.Find(this, peer.Peer, lane, anyLane: true);
        if (connection is null)
        {
            (connection, var failure) = await DialAsync(peer, lane, cancellationToken).ConfigureAwait(false);
            if (connection is null)
                return failure;
        }
        return await NegotiateAsync(connection, request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<(MemoryConnection? Connection, OpenStreamResult Failure)> DialAsync(PeerEndpoint peer, int lane, CancellationToken cancellationToken)
    {
        // An answer by somebody else says more than silence; the last error of the more telling kind is reported.
        var failure = OpenStreamResult.Failed(OpenStreamFailure.NoAddress, $"No address of the peer {peer.Peer} begins with /memory/.");
        foreach (var address in peer.Addresses)
        {
            if (!MemoryAddress.TryParse(address, out var name, out var expected))
                continue;
            var (connection, error) = await DialAsync(peer.Peer, address, name, expected, lane, cancellationToken).ConfigureAwait(false);
            if (connection is not null)
                return (connection, default);
            if (failure.Failure != OpenStreamFailure.WrongPeer || error.Failure == OpenStreamFailure.WrongPeer)
                failure = error;
        }
        return (null, failure);
    }

    private async ValueTask<(MemoryConnection? Connection, OpenStreamResult Failure)> DialAsync(
        PeerId peer, string address, string name, string? expected, int lane, CancellationToken cancellationToken)
    {
        if (_network.FindListener(name) is not { } listener)
            return (null, OpenStreamResult.Failed(OpenStreamFailure.Unreachable, $"{address}: nobody listens there."));
        await CrossAsync(listener, cancellationToken).ConfigureAwait(false);
        if (_network.Link(Peer, listener.Peer).IsCut)
            return (null, OpenStreamResult.Failed(OpenStreamFailure.Unreachable, $"{address}: the link is cut."));
        if (listener.Peer != peer || (expected is not null && expected != peer.ToString()))
            return (null, OpenStreamResult.Failed(OpenStreamFailure.WrongPeer, $"{address}: the peer {listener.Peer} answered."));
        return _network.Connect(this, listener, MemoryAddress.Format(name), lane) is { } connection
            ? (connection, default)
            : (null, OpenStreamResult.Failed(OpenStreamFailure.Unreachable, $"{address}: the connection was lost at once."));
    }

    private async ValueTask<OpenStreamResult> NegotiateAsync(MemoryConnection connection, StreamRequest request, CancellationToken cancellationToken)
    {
        var other = connection.Other(this);
        await _network.Link(Peer, other.Peer).CrossAsync(cancellationToken).ConfigureAwait(false);
        if (connection.IsClosed)
            return Lost(other);
        if (other.Choose(request.Protocols) is not { } protocol)
        {
            await _network.Link(other.Peer, Peer).CrossAsync(cancellationToken).ConfigureAwait(false);
            return OpenStreamResult.Failed(OpenStreamFailure.ProtocolNotSupported, $"The peer {other.Peer} speaks none of {string.Join(", ", request.Protocols)}.");
        }
        var pair = connection.TryOpen(this, protocol, out var failure);
        if (pair is null)
            return failure == OpenStreamFailure.TooMany ? TooMany(other) : Lost(other);

        other.Accept(pair.Acceptor);
        try
        {
            await _network.Link(other.Peer, Peer).CrossAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            pair.Opener.Reset();
            throw;
        }
        return connection.IsClosed ? Lost(other) : OpenStreamResult.Opened(pair.Opener);
    }

    private async ValueTask CrossAsync(MemoryTransport other, CancellationToken cancellationToken)
    {
        await _network.Link(Peer, other.Peer).CrossAsync(cancellationToken).ConfigureAwait(false);
        await _network.Link(other.Peer, Peer).CrossAsync(cancellationToken).ConfigureAwait(false);
    }

    private static OpenStreamResult TooMany(MemoryTransport other) =>
        OpenStreamResult.Failed(OpenStreamFailure.TooMany, $"The connection to the peer {other.Peer} has {MemoryConnection.MaxStreams} streams already.");

    private static OpenStreamResult Lost(MemoryTransport other) =>
        OpenStreamResult.Failed(OpenStreamFailure.ConnectionLost, $"The connection to the peer {other.Peer} was lost while the stream was opened.");
}
