using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Ping;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>
/// A libp2p node: listens, dials, keeps connections, opens streams and serves those of others. Safe from any thread.
/// Works at once; <see cref="ListenAsync"/> is only needed to be reached. <see cref="DisposeAsync"/> ends everything.
/// </summary>
public sealed partial class Libp2pHost : IConnectionOwner, IAsyncDisposable
{
    private readonly ILocalIdentity _identity;
    private readonly Libp2pOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Libp2pCounters _counters = new();
    private readonly PeerNotifier _notifier;
    private readonly PeerTable _peers;
    private readonly LinkFactory _links;
    private readonly InboundGate _gate;
    private readonly ConnectionUpgrader _upgrader;
    private readonly Dialer _dialer;
    private readonly ConnectionContext _context;
    private readonly IdentifyService _identify;
    private readonly PingService _ping;
    private readonly TaskTracker _tasks = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stoppingToken;
    private int _disposed;

    /// <summary>Creates a host that has no connection yet.</summary>
    /// <param name="identity">Who this host is.</param>
    /// <param name="options">Not to be changed any more.</param>
    /// <param name="time">The clock of every timeout and measurement.</param>
    /// <param name="loggers">Where events that an operator may want to know go.</param>
    public Libp2pHost(ILocalIdentity identity, Libp2pOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnectionsPerPeer, 1);
        _identity = identity;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<Libp2pHost>();
        _stoppingToken = _stopping.Token;
        _notifier = new PeerNotifier(exception => LogObserverFailed(exception));
        _peers = new PeerTable(options, _notifier);
        _links = new LinkFactory(options.Tcp, _counters);
        _gate = new InboundGate(options.Limits, time);
        _upgrader = new ConnectionUpgrader(identity, options.HandshakeTimeout, options.PreferAes, time);
        _dialer = new Dialer(_upgrader, options.Dial, options.IsExcluded, _links, new DialBackoff(options.Dial, time), _counters, time);
        _context = new ConnectionContext(
            options.Yamux, new LargeBufferPool(), new ReceiveBlockPool(options.Limits.MaxReceiveMemory), time, _logger, this);
        _identify = new IdentifyService(this, identity.PublicKey, options, time, _counters);
        _ping = new PingService(this, time, _counters);
        _identify.Register();
        _ping.Register();
    }

    /// <summary>The id of this host.</summary>
    public PeerId PeerId => _identity.PeerId;

    /// <summary>Buffers that sending and receiving hold right now. For tests.</summary>
    internal int BuffersInUse => _context.Buffers.Outstanding + _context.Blocks.Outstanding;

    /// <summary>The connections there are now.</summary>
    public IReadOnlyList<Libp2pConnection> Connections => _peers.Snapshot();

    /// <summary>What has been counted so far.</summary>
    public Libp2pStatistics GetStatistics() => _counters.Snapshot(_peers.Snapshot().Length);

    /// <summary>Addresses that did not work when they were last dialled, of peers that have not been reached since.</summary>
    public IReadOnlyList<FailedAddress> GetFailedAddresses() => _dialer.Backoff.Snapshot();

    /// <summary>Reports peers that come and go, from now on, until the result is disposed.</summary>
    public IDisposable Observe(IPeerObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return _notifier.Add(observer);
    }

    /// <summary>Closes every connection with a peer. It may connect again at once.</summary>
    public Task ClosePeerAsync(PeerId peer) =>
        Task.WhenAll(_peers.Of(peer).Select(static connection => connection.CloseAsync(ConnectionEnd.ClosedLocally)));

    /// <summary>Stops listening and dialling, and closes every connection. Handlers get a few seconds to end. Safe twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopListeningAsync().ConfigureAwait(false);
        _peers.Close();

        // Connections first: a handler that notices the end resets its stream, and its peer should rather hear of the whole.
        Task closed = Task.WhenAll(_peers.Snapshot().Select(static connection => connection.CloseAsync(ConnectionEnd.HostStopped)));
        await _stopping.CancelAsync().ConfigureAwait(false);
        await closed.ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
            await _tasks.WhenIdleAsync().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogHandlersStillRun();
        }

        _stopping.Dispose();
    }

    /// <summary>Takes an upgraded link in as a connection, or closes it when a limit stands against it.</summary>
    private Libp2pConnection? Adopt(UpgradedLink upgraded, int? lane)
    {
        var connection = new Libp2pConnection(upgraded, _context);
        Libp2pLimit? limit = _peers.TryAdd(connection, lane);
        if (limit == Libp2pLimit.Connections && _peers.FindIdle(_time.GetUtcNow() - _options.Limits.IdleBeforeTrimming) is { } idle)
        {
            _counters.LimitHits.Increment(Libp2pLimit.Connections);
            _ = idle.CloseAsync(ConnectionEnd.OverLimit);
            limit = _peers.TryAdd(connection, lane);
        }

        if (limit is not null)
        {
            _counters.LimitHits.Increment(limit.Value);
            upgraded.Link.Close();
            return null;
        }

        _counters.Established(connection.IsInbound);
        _dialer.Backoff.Clear(connection.RemotePeer);
        LogConnected(connection.RemotePeer, connection.RemoteAddress, connection.IsInbound, connection.Congestion);
        connection.Start();
        _tasks.Run(() => _identify.AskAsync(connection, _stoppingToken));
        return connection;
    }

    void IConnectionOwner.ConnectionEnded(Libp2pConnection connection)
    {
        _counters.ConnectionEnded(connection);
        _peers.Remove(connection);
    }

    void IConnectionOwner.LimitHit(Libp2pLimit limit) => _counters.LimitHits.Increment(limit);
}
