using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Streams;
using SubnetVpn.Transport.Memory.Streams;

namespace SubnetVpn.Transport.Memory;

/// <summary>The transport of one node of a <see cref="MemoryNetwork"/>.</summary>
public sealed partial class MemoryTransport : ITransport, ITransportDiagnostics
{
    private readonly MemoryNetwork _network;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Func<IVpnStream, CancellationToken, Task>> _handlers = new(StringComparer.Ordinal);
    private readonly OpenCounters _counters = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _handlersEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<string>? _listenNames;
    private int _runningHandlers;
    private bool _isStopping;

    /// <summary>Makes the transport of a node from its configuration.</summary>
    /// <param name="options">The plugin's section.</param>
    /// <param name="identity">Who the node is.</param>
    /// <param name="time">The clock of delays; the first node of a hub brings it.</param>
    /// <param name="logger">For faults of handlers and observers.</param>
    public MemoryTransport(MemoryTransportOptions options, INodeIdentity identity, TimeProvider time, ILogger<MemoryTransport> logger)
        : this(MemoryHubs.Get(options.Hub, time), identity.Id, new MemoryLinkSettings { Delay = options.Delay, BytesPerSecond = options.BytesPerSecond }, logger)
    {
    }

    internal MemoryTransport(MemoryNetwork network, PeerId peer, MemoryLinkSettings? outgoing, ILogger? logger)
    {
        (_network, Peer, Outgoing, _logger) = (network, peer, outgoing, logger ?? NullLogger.Instance);
        Events = new PeerEvents(_logger);
        network.Join(this);
    }

    /// <summary>Who the node is.</summary>
    public PeerId Peer { get; }

    internal MemoryLinkSettings? Outgoing { get; }

    internal PeerEvents Events { get; }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        cancellationToken.ThrowIfCancellationRequested();
        var names = addresses.Select(ReadListenName).ToList();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            if (_listenNames is not null)
                throw new InvalidOperationException("The transport listens already.");
            var listenNames = _network.Listen(this, names, out var taken);
            if (taken is not null)
                throw new VpnException(VpnErrorReason.Transport, $"Cannot listen at /memory/{taken}: another node of this process does. Choose another name, or /memory/0 for a free one.");
            _listenNames = listenNames;
        }
        return ValueTask.FromResult<IReadOnlyList<string>>([.. _listenNames.Select(MemoryAddress.Format)]);
    }

    /// <inheritdoc/>
    public IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(protocol);
        ArgumentNullException.ThrowIfNull(handler);
        if (!_handlers.TryAdd(protocol, handler))
            throw new InvalidOperationException($"The protocol {protocol} has a handler.");
        return new Subscription(() => _handlers.TryRemove(protocol, out _));
    }

    /// <inheritdoc/>
    public IDisposable WatchPeers(IPeerObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Events.Watch(observer);
    }

    /// <inheritdoc/>
    public TransportSnapshot GetSnapshot() => new()
    {
        ListenAddresses = [.. (_listenNames ?? []).Select(MemoryAddress.Format)],
        Connections = [.. _network.ConnectionsOf(this).Select(connection => connection.Describe(this))],
        Counters = _counters.Read(),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_isStopping && _runningHandlers == 0)
                _handlersEnded.SetResult();
            _isStopping = true;
        }
        await _stopping.CancelAsync().ConfigureAwait(false);
        _network.Leave(this);
        await _handlersEnded.Task.ConfigureAwait(false);
        // _stopping is left to the garbage collector: handlers and openers may still hold its token.
    }

    /// <summary>The first of the protocols that this node takes streams for.</summary>
    internal string? Choose(IReadOnlyList<string> protocols) => protocols.FirstOrDefault(_handlers.ContainsKey);

    /// <summary>Runs the handler of a stream that a peer opened.</summary>
    internal void Accept(MemoryVpnStream stream)
    {
        lock (_gate)
        {
            if (!_isStopping && _handlers.TryGetValue(stream.Info.Protocol, out var handler))
            {
                _runningHandlers++;
                _ = Task.Run(() => RunHandlerAsync(stream, handler));
                return;
            }
        }
        stream.Reset();
    }

    private async Task RunHandlerAsync(MemoryVpnStream stream, Func<IVpnStream, CancellationToken, Task> handler)
    {
        try
        {
            await handler(stream, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            stream.Reset();
        }
        catch (Exception exception)
        {
            LogHandlerFailed(exception, stream.Info.Name, stream.Info.Peer);
            stream.Reset();
        }
        await stream.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (--_runningHandlers == 0 && _isStopping)
                _handlersEnded.SetResult();
        }
    }

    private static string ReadListenName(string address) =>
        MemoryAddress.TryParse(address, out var name, out var peer) && peer is null
            ? name
            : throw new VpnException(VpnErrorReason.Transport, $"Cannot listen at '{address}': the transport 'memory' takes addresses such as /memory/a, or /memory/0 for a free one.");
}
