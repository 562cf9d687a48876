using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Identify;

/// <summary>
/// Identify, both ways on every connection: asks the peer who it is, answers when it asks, and pushes to all peers
/// when what we serve or where we listen changes (changes in quick succession together).
/// </summary>
internal sealed class IdentifyService(Libp2pHost host, PublicKey key, Libp2pOptions options, TimeProvider time, Libp2pCounters counters)
{
    /// <summary>Streams for pushes that are open at once.</summary>
    private const int MaxParallelPushes = 32;

    private static readonly TimeSpan PushDelay = TimeSpan.FromMilliseconds(500);

    private int _pushScheduled;

    public void Register()
    {
        host.Handle(IdentifyConstants.ProtocolId, AnswerAsync);
        host.Handle(IdentifyConstants.PushProtocolId, TakePushAsync);
    }

    /// <summary>Asks the peer of a new connection.</summary>
    public async Task AskAsync(Libp2pConnection connection, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.IdentifyTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        OpenStreamResult opened = await host.OpenStreamAsync(connection, [IdentifyConstants.ProtocolId], both.Token).ConfigureAwait(false);
        if (opened.Stream is not { } stream)
        {
            return;
        }

        using (stream)
        {
            await stream.CloseWriteAsync(both.Token).ConfigureAwait(false);
            await TakeAsync(stream, both.Token).ConfigureAwait(false);
        }
    }

    /// <summary>What we say about ourselves changed: tell the peers, a moment later.</summary>
    public void SchedulePush(Action<Func<Task>> run, CancellationToken cancellationToken)
    {
        if (host.Connections.Count > 0 && Interlocked.Exchange(ref _pushScheduled, 1) == 0)
        {
            run(() => PushToAllAsync(cancellationToken));
        }
    }

    private async Task PushToAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(PushDelay, time, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _pushScheduled, 0);
            IEnumerable<Libp2pConnection> targets = host.Connections
                .DistinctBy(static connection => connection.RemotePeer)
                .Where(connection => host.TryGetPeerInfo(connection.RemotePeer, out PeerInfo? info) &&
                    info.Protocols.Contains(IdentifyConstants.PushProtocolId));
            await Parallel.ForEachAsync(
                targets,
                new ParallelOptions { MaxDegreeOfParallelism = MaxParallelPushes, CancellationToken = cancellationToken },
                async (connection, token) => await PushAsync(connection, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host is being disposed.
        }
    }

    private async Task PushAsync(Libp2pConnection connection, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.IdentifyTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        OpenStreamResult opened = await host.OpenStreamAsync(connection, [IdentifyConstants.PushProtocolId], both.Token).ConfigureAwait(false);
        if (opened.Stream is not { } stream)
        {
            return;
        }

        using (stream)
        {
            await SendAsync(stream, both.Token).ConfigureAwait(false);
            await stream.DrainAsync(both.Token).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(Libp2pStream stream, CancellationToken cancellationToken) =>
        await SendAsync(stream, cancellationToken).ConfigureAwait(false);

    private async Task TakePushAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.IdentifyTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await TakeAsync(stream, both.Token).ConfigureAwait(false);
        await stream.CloseWriteAsync(both.Token).ConfigureAwait(false);
    }

    private async Task TakeAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        PeerId peer = stream.Connection.RemotePeer;
        PeerInfo known = host.TryGetPeerInfo(peer, out PeerInfo? info) ? info : new PeerInfo(peer, string.Empty, string.Empty, [], [], null);
        (IdentifyReader.Outcome outcome, PeerInfo read) = await IdentifyReader.ReadAsync(stream, known, cancellationToken).ConfigureAwait(false);
        if (outcome == IdentifyReader.Outcome.Complete)
        {
            host.SetPeerInfo(read);
        }
        else if (outcome == IdentifyReader.Outcome.TooLarge)
        {
            counters.LimitHits.Increment(Libp2pLimit.IdentifySize);
        }
    }

    private async Task SendAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        byte[] message = IdentifyMessage.Write(
            key, host.AnnouncedAddresses, host.Protocols, stream.Connection.RemoteAddress, options.ProtocolVersion, options.AgentVersion);
        if (await stream.WriteAsync(message, cancellationToken).ConfigureAwait(false) == StreamEnd.None)
        {
            await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
