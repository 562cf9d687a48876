using System.Net;
using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Serving;
using SubnetVpn.Libp2p.Kademlia.Validation;

namespace SubnetVpn.Libp2p.Kademlia.Hosting;

/// <summary>
/// A node of a distributed hash table on a libp2p host. A client until it is made a server by <see cref="Serve"/>. Joins the
/// network when it is first used, or by <see cref="Start"/>. Thread-safe; to be disposed before the host.
/// </summary>
public sealed partial class KademliaService : IAsyncDisposable
{
    private readonly Libp2pHost _host;
    private readonly KademliaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KademliaNode _node;
    private readonly KademliaStreamHandler _handler;
    private readonly TaskTracker _tasks = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private IDisposable? _registration;
    private Task? _maintenance;
    private Task _joining = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Creates a client that knows nobody yet.</summary>
    /// <param name="host">The host whose connections it uses.</param>
    /// <param name="options">Not to be changed any more.</param>
    /// <param name="time">The clock of every timeout and lifetime.</param>
    /// <param name="loggers">Where events that an operator may want to know go.</param>
    public KademliaService(Libp2pHost host, KademliaOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentException.ThrowIfNullOrEmpty(options.Protocol);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Alpha, 1);
        _host = host;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<KademliaService>();
        var network = new Libp2pKademliaNetwork(host, options, refusal => _node?.Counters.Refuse(refusal), time);
        _node = new KademliaNode(host.PeerId, options, network, time, RunInBackground, _stopping.Token);
        _handler = new KademliaStreamHandler(_node, options, time);
        host.PeerIdentified += OnIdentified;
    }

    /// <summary>Peers in its table.</summary>
    public int KnownPeers => _node.Table.Count;

    /// <summary>What has been counted so far.</summary>
    public KademliaStatistics GetStatistics() => new()
    {
        IsServer = _node.IsServer,
        Peers = _node.Table.Count,
        Records = _node.Records.Count,
        Providers = _node.Providers.Count,
        Answered = _node.Counters.Answered,
        Lookups = _node.Counters.Lookups,
        Corrected = _node.Counters.Corrected,
        Refusals = _node.Counters.Refusals.Snapshot(),
        Requests = _node.Counters.Requests.Snapshot(),
    };

    /// <summary>Becomes a server: answers others, and identify tells them so. Safe twice.</summary>
    public void Serve()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _registration ??= _host.Handle(_options.Protocol, _handler.ServeAsync);
            _node.IsServer = true;
        }
    }

    /// <summary>Joins the network, and stays in it until disposed. Safe twice.</summary>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _maintenance ??= Task.Run(() => MaintainAsync(_stopping.Token));
        }
    }

    /// <summary>Adds peers to ask first, besides those of the options. Those that are not known when the table is refreshed are asked again.</summary>
    /// <param name="addresses">Each with its peer id at the end; others are of no use.</param>
    public void AddBootstrap(IReadOnlyList<Multiaddr> addresses) => _node.AddBootstrap(addresses);

    /// <summary>Lets values of a namespace be stored and found, until the result is disposed.</summary>
    /// <param name="name">The first part of their keys: <c>pk</c> of <c>/pk/…</c>.</param>
    /// <param name="validator">Judges them.</param>
    /// <exception cref="ArgumentException">It is no name, or has a validator already.</exception>
    public IDisposable AddValidator(string name, IRecordValidator validator)
    {
        ArgumentNullException.ThrowIfNull(validator);
        return _node.Validators.Add(name, validator);
    }

    /// <summary>Where a peer can be dialled; null when nobody near it knows.</summary>
    public async Task<KademliaPeer?> FindPeerAsync(PeerId peer, CancellationToken cancellationToken)
    {
        await JoinAsync(cancellationToken).ConfigureAwait(false);
        return await _node.FindPeerAsync(peer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores a value with the peers nearest to its key, and again from time to time until it is not valid any more.</summary>
    /// <returns>How many took it, ourselves included when we are a server.</returns>
    /// <exception cref="ArgumentException">The key or the value is too long, or its validator does not take it.</exception>
    public async Task<int> PutValueAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await JoinAsync(cancellationToken).ConfigureAwait(false);
        return await _node.PutValueAsync(key, value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The valid values under a key, the best first.</summary>
    public async Task<FoundValue> GetValueAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        await JoinAsync(cancellationToken).ConfigureAwait(false);
        return await _node.GetValueAsync(key, _options.Quorum, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the peers nearest to a multihash that we provide it, and again from time to time.</summary>
    /// <returns>How many were told, ourselves included when we are a server.</returns>
    public async Task<int> ProvideAsync(ReadOnlyMemory<byte> multihash, CancellationToken cancellationToken)
    {
        await JoinAsync(cancellationToken).ConfigureAwait(false);
        return await _node.ProvideAsync(multihash, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Peers that say they provide a multihash.</summary>
    public async Task<IReadOnlyList<KademliaPeer>> FindProvidersAsync(ReadOnlyMemory<byte> multihash, int count, CancellationToken cancellationToken)
    {
        await JoinAsync(cancellationToken).ConfigureAwait(false);
        return await _node.FindProvidersAsync(multihash, count, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Leaves the network: answers nobody any more, and ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        IDisposable? registration;
        Task? maintenance;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            (registration, maintenance) = (_registration, _maintenance);
        }

        _host.PeerIdentified -= OnIdentified;
        registration?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(maintenance ?? Task.CompletedTask, _tasks.WhenIdleAsync()).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void OnIdentified(PeerInfo info)
    {
        if (!info.Protocols.Contains(_options.Protocol))
        {
            _node.Table.Remove(info.Peer);
            return;
        }

        // Its place in the table is bound to the address it comes from, not to those it claims.
        IPAddress? remote = _host.Connections.FirstOrDefault(connection => connection.RemotePeer == info.Peer)?.RemoteAddress
            .TryGetTcpEndPoint(out EndPoint? endPoint) == true ? (endPoint as IPEndPoint)?.Address : null;
        _node.PeerSeen(new KademliaPeer(info.Peer, [.. info.ListenAddresses.Take(KademliaConstants.MaxAddressesPerPeer)]), remote);
    }

    private void RunInBackground(Func<Task> work)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _tasks.Run(work);
            }
        }
    }
}
