using System.Collections.Frozen;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Negotiation;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Streams: opening ours, serving those of others.</summary>
public sealed partial class Libp2pHost
{
    private readonly Lock _handlerGate = new();
    private volatile FrozenDictionary<string, Func<Libp2pStream, CancellationToken, Task>> _handlers =
        FrozenDictionary<string, Func<Libp2pStream, CancellationToken, Task>>.Empty;

    /// <summary>The protocols that this host serves.</summary>
    public IReadOnlyCollection<string> Protocols => _handlers.Keys;

    /// <summary>
    /// Serves a protocol until the result is disposed. The handler owns the stream until its task ends. A stream that it
    /// closed for writing then gets some time for the peer to finish too; any other is reset. The token is cancelled when the
    /// host is disposed.
    /// </summary>
    /// <exception cref="ArgumentException">The protocol is served already.</exception>
    public IDisposable Handle(string protocol, Func<Libp2pStream, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(protocol);
        ArgumentNullException.ThrowIfNull(handler);
        lock (_handlerGate)
        {
            var handlers = new Dictionary<string, Func<Libp2pStream, CancellationToken, Task>>(_handlers);
            if (!handlers.TryAdd(protocol, handler))
            {
                throw new ArgumentException($"The protocol {protocol} is served already.", nameof(protocol));
            }

            _handlers = handlers.ToFrozenDictionary(StringComparer.Ordinal);
        }

        OnAnnouncementChanged();
        return new Registration(this, protocol);
    }

    /// <summary>
    /// Opens a stream to a peer for the first of the protocols that it speaks, over the connection of the lane
    /// (see <see cref="ConnectAsync"/>), dialling when there is none.
    /// </summary>
    public async Task<OpenStreamResult> OpenStreamAsync(
        PeerId peer, IReadOnlyList<Multiaddr> addresses, IReadOnlyList<string> protocols, int lane, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protocols);
        const int attempts = 2;
        for (int attempt = 1; ; attempt++)
        {
            ConnectResult connect = await ConnectAsync(peer, addresses, lane, cancellationToken).ConfigureAwait(false);
            if (connect.Connection is null)
            {
                return OpenStreamResult.Failed(connect.Failure, connect.Detail, connect.RetryAt);
            }

            OpenStreamResult result = await OpenStreamAsync(connect.Connection, protocols, cancellationToken).ConfigureAwait(false);
            if (result.Failure != DialFailure.ConnectionLost || attempt == attempts)
            {
                return result;
            }

            // The connection was dying when it was picked. Another one, or a new dial, may do.
        }
    }

    /// <summary>Opens a stream on a connection for the first of the protocols that its peer speaks.</summary>
    public async Task<OpenStreamResult> OpenStreamAsync(
        Libp2pConnection connection, IReadOnlyList<string> protocols, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(protocols);
        YamuxOpenFailure failure = connection.Session.TryOpen(out YamuxStream? stream);
        if (failure != YamuxOpenFailure.None)
        {
            return failure is YamuxOpenFailure.TooManyStreams or YamuxOpenFailure.TooManyUnacknowledged
                ? OpenStreamResult.Failed(DialFailure.TooManyStreams, "the connection has as many streams as it may")
                : OpenStreamResult.Failed(DialFailure.ConnectionLost, "the connection takes no more streams");
        }

        using var timer = new CancellationTokenSource(_options.NegotiationTimeout, _time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken, _stoppingToken);
        OpenStreamResult result;
        try
        {
            NegotiationResult agreed = await MultistreamInitiator
                .NegotiateAsync(new StreamDuplex(stream!), protocols, any.Token).ConfigureAwait(false);
            result = Judge(agreed, stream!, connection);
        }
        catch (OperationCanceledException)
        {
            result = cancellationToken.IsCancellationRequested ? OpenStreamResult.Failed(DialFailure.Cancelled, "cancelled")
                : _stoppingToken.IsCancellationRequested ? OpenStreamResult.Failed(DialFailure.HostStopped, "the host is disposed")
                : OpenStreamResult.Failed(DialFailure.NegotiationFailed, "the peer did not agree on a protocol in time");
        }

        if (result.Stream is null)
        {
            _counters.StreamNegotiationFailed();
            stream!.Discard();
        }

        return result;
    }

    void IConnectionOwner.StreamOpened(Libp2pConnection connection, YamuxStream stream)
    {
        if (connection.PendingInboundStreams >= _options.Limits.MaxPendingStreamsPerConnection)
        {
            _counters.LimitHits.Increment(Libp2pLimit.PendingStreams);
            stream.Reset(0);
            return;
        }

        connection.AddPendingInboundStream(1);
        _tasks.Run(() => ServeAsync(connection, stream));
    }

    private OpenStreamResult Judge(NegotiationResult agreed, YamuxStream stream, Libp2pConnection connection)
    {
        switch (agreed.Failure)
        {
            case NegotiationFailure.None:
                _counters.StreamAgreed(inbound: false);
                return OpenStreamResult.Of(new Libp2pStream(stream, connection, agreed.Protocol!));
            case NegotiationFailure.NotSupported:
                return OpenStreamResult.Failed(DialFailure.ProtocolNotSupported, "the peer speaks none of the protocols");
            case NegotiationFailure.EndOfStream:
                return connection.End != ConnectionEnd.None
                    ? OpenStreamResult.Failed(DialFailure.ConnectionLost, "the connection ended meanwhile")
                    : OpenStreamResult.Failed(DialFailure.NegotiationFailed, "the peer refused the stream");
            default:
                return OpenStreamResult.Failed(DialFailure.NegotiationFailed, "the peer did not negotiate by the rules");
        }
    }

    private async Task ServeAsync(Libp2pConnection connection, YamuxStream yamux)
    {
        FrozenDictionary<string, Func<Libp2pStream, CancellationToken, Task>> handlers = _handlers;
        string? protocol = await AgreeAsync(connection, yamux, handlers.Keys).ConfigureAwait(false);
        if (protocol is null)
        {
            _counters.StreamNegotiationFailed();
            yamux.Discard();
            return;
        }

        _counters.StreamAgreed(inbound: true);
        using var stream = new Libp2pStream(yamux, connection, protocol);
        try
        {
            await handlers[protocol](stream, _stoppingToken).ConfigureAwait(false);
            await LingerAsync(yamux, stream).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stoppingToken.IsCancellationRequested)
        {
            // The host is being disposed.
        }
        catch (Exception exception)
        {
            _counters.HandlerFailed();
            LogHandlerFailed(exception, protocol, connection.RemotePeer);
        }
    }

    /// <summary>A reset right behind our last bytes would make the peer throw them away.</summary>
    private async Task LingerAsync(YamuxStream yamux, Libp2pStream stream)
    {
        if (yamux.IsFinishing && yamux.End == StreamEnd.None)
        {
            using var timer = new CancellationTokenSource(_options.StreamLinger, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stoppingToken);
            await stream.DrainAsync(both.Token).ConfigureAwait(false);
        }
    }

    private async Task<string?> AgreeAsync(Libp2pConnection connection, YamuxStream stream, IReadOnlyCollection<string> protocols)
    {
        try
        {
            using var timer = new CancellationTokenSource(_options.NegotiationTimeout, _time);
            using var any = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stoppingToken);
            NegotiationResult agreed = await MultistreamResponder
                .NegotiateAsync(new StreamDuplex(stream), protocols, _options.Limits.MaxProposals, any.Token).ConfigureAwait(false);
            return agreed.Protocol;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            connection.AddPendingInboundStream(-1);
        }
    }

    private void StopHandling(string protocol)
    {
        lock (_handlerGate)
        {
            _handlers = _handlers.Where(pair => pair.Key != protocol).ToFrozenDictionary(StringComparer.Ordinal);
        }

        OnAnnouncementChanged();
    }

    private sealed class Registration(Libp2pHost host, string protocol) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                host.StopHandling(protocol);
            }
        }
    }
}
