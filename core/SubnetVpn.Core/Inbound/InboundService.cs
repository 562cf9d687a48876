using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Streams;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Inbound;

/// <summary>Takes the streams that peers open to a network, and runs each until it ends.</summary>
internal sealed partial class InboundService(ITransport transport, NetworkSettings settings, InboundContext context)
{
    // A peer needs as many streams as its pool has, and as many that it lends; the original opened up to 50.
    private const int MaxStreamsPerPeer = 256;

    // Peers without a stream of whose streams something is still remembered.
    private const int MaxRememberedPeers = 1024;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<PeerId, InboundPeer> _peers = [];
    private readonly List<IDisposable> _handlers = [];
    private int _running;
    private TaskCompletionSource? _drained;

    public void Start()
    {
        _handlers.Add(transport.HandleStreams(VpnProtocols.Current(settings), (stream, token) => HandleAsync(stream, isLegacy: false, token)));
        // The original format has no way to prove that its opener is a member.
        if (!context.Exchange.IsPrivate)
            _handlers.Add(transport.HandleStreams(VpnProtocols.Legacy(settings), (stream, token) => HandleAsync(stream, isLegacy: true, token)));
    }

    /// <summary>Streams that a peer has open to us.</summary>
    public int CountOf(PeerId peer)
    {
        lock (_peers)
            return _peers.TryGetValue(peer, out var known) ? known.Streams : 0;
    }

    /// <summary>Takes no more streams, ends those that run, and waits for them.</summary>
    public async Task StopAsync()
    {
        foreach (var handler in _handlers)
            handler.Dispose();
        _handlers.Clear();
        Task drained;
        lock (_peers)
        {
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
                _drained.TrySetResult();
            drained = _drained.Task;
        }
        await _stopping.CancelAsync();
        await drained;
    }

    private async Task HandleAsync(IVpnStream stream, bool isLegacy, CancellationToken cancellationToken)
    {
        var peer = stream.Info.Peer;
        if (TryCount(peer) is not { } order)
        {
            context.Metrics.StreamError("too_many_streams");
            stream.Reset();
            return;
        }
        context.Metrics.StreamCreated(peer);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            using var inbound = new InboundStream(stream, context, order);
            await inbound.RunAsync(isLegacy, both.Token);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            stream.Reset();
        }
        catch (Exception exception)
        {
            // One stream ends, the node goes on.
            Log.Failed(context.Logger, exception, stream.Info.Name, peer);
            context.Metrics.StreamError("internal_error");
            stream.Reset();
        }
        finally
        {
            context.Metrics.StreamClosed(peer);
            Uncount(peer);
        }
    }

    private StreamOrder? TryCount(PeerId peer)
    {
        lock (_peers)
        {
            if (!_peers.TryGetValue(peer, out var known))
                _peers[peer] = known = new InboundPeer();
            if (known.Streams >= MaxStreamsPerPeer || _drained is not null)
                return null;
            known.Streams++;
            _running++;
            return known.Order;
        }
    }

    private void Uncount(PeerId peer)
    {
        lock (_peers)
        {
            var known = _peers[peer];
            if (--known.Streams == 0 && !known.Order.IsInUse)
                _peers.Remove(peer);
            else if (_peers.Count > MaxRememberedPeers)
                ForgetOne();
            if (--_running == 0)
                _drained?.TrySetResult();
        }
    }

    // The oldest, more or less: the order of a dictionary is that of insertion as long as nothing was removed.
    private void ForgetOne()
    {
        foreach (var (peer, known) in _peers)
        {
            if (known.Streams > 0)
                continue;
            _peers.Remove(peer);
            return;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 400, Level = LogLevel.Error, Message = "Stream {Stream} of {PeerId} failed unexpectedly")]
        public static partial void Failed(ILogger logger, Exception exception, string stream, PeerId peerId);
    }
}
