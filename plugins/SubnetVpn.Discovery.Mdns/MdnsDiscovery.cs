using System.Diagnostics.Metrics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.Discovery.Mdns.Peers;

namespace SubnetVpn.Discovery.Mdns;

/// <summary>Finds the nodes of the network on the links of this machine, and is found by them.</summary>
/// <remarks>
/// One gate guards the engine; messages are sent outside of it. It begins when the network watches or announces, not when it is
/// made: a configuration is checked without a socket.
/// </remarks>
internal sealed partial class MdnsDiscovery : IPeerDiscovery, IPeerWatcher, IAsyncDisposable
{
    // Where the system does not tell of changes, or tells too early.
    private static readonly TimeSpan s_readInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();

    // Taken before the gate: what was read first is also taken first.
    private readonly Lock _reading = new();
    private readonly NetworkContext _network;
    private readonly MdnsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MdnsDiscovery> _logger;
    private readonly MdnsCounters _counters;
    private readonly MdnsMetrics _metrics;
    private readonly MdnsEngine _engine;
    private readonly ILinkNetwork _links;
    private readonly long _start;
    private readonly Dictionary<int, (LocalLink Link, ILinkPort Port)> _ports = [];
    private readonly HashSet<string> _refusing = [];
    private readonly ITimer _wake;
    private readonly ITimer _read;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _watch;
    private bool _isDisposed;
    private int _watchers;
    private long _toldVersion;

    /// <param name="options">The section of the plugin.</param>
    /// <param name="network">The network.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For conflicts, and links that cannot be used.</param>
    /// <param name="meters">Makes the meter.</param>
    public MdnsDiscovery(MdnsOptions options, NetworkContext network, TimeProvider time, ILogger<MdnsDiscovery> logger, IMeterFactory meters)
        : this(options, network, time, logger, meters, new MdnsCounters(), null)
    {
    }

    internal MdnsDiscovery(
        MdnsOptions options, NetworkContext network, TimeProvider time, ILogger<MdnsDiscovery> logger, IMeterFactory meters, MdnsCounters counters, ILinkNetwork? links)
    {
        (_options, _network, _time, _logger, _counters) = (options, network, time, logger, counters);
        _start = time.GetTimestamp();
        _links = links ?? new SystemLinkNetwork(network, options.Interfaces, counters);
        _engine = new MdnsEngine(network, options, counters, new PeerTable(network, options, counters, logger), Random.Shared);
        _metrics = new MdnsMetrics(meters, network.Name, counters, CountPeers);
        _wake = time.CreateTimer(static self => ((MdnsDiscovery)self!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _read = time.CreateTimer(static self => ((MdnsDiscovery)self!).ReadLinks(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    public async ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!CanBeHeld(address))
            return PeerLookup.NotFound($"{address} is none of the addresses that peers of the network '{_network.Name}' can claim by mDNS.");
        Start();
        if (Find(address, out var changed) is { } known)
            return PeerLookup.Found(known);
        lock (_gate)
            _engine.Ask(Now);
        Pump();
        var end = Now + _options.LookupTimeout;
        while (end - Now is { Ticks: > 0 } rest)
        {
            try
            {
                await changed.WaitAsync(rest, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                break;
            }
            if (Find(address, out changed) is { } found)
                return PeerLookup.Found(found);
        }
        return PeerLookup.NotFound($"No peer on the link says that it holds {address}.");
    }

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(self);
        cancellationToken.ThrowIfCancellationRequested();
        Start();
        int links;
        lock (_gate)
        {
            _engine.Announce(self.Prefixes, Now);
            links = _engine.LinkCount;
        }
        Pump();
        // Without a link nobody hears it now; on one that comes later it is said by itself.
        return ValueTask.FromResult(links > 0 ? AnnounceOutcome.Announced : AnnounceOutcome.Failed);
    }

    public async IAsyncEnumerable<PeerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Start();
        Interlocked.Increment(ref _watchers);
        try
        {
            // What was told, to tell the difference: bounded as the table is, however slow the reader.
            var told = new Dictionary<PeerId, PeerMapping>();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                IReadOnlyList<PeerMapping> mappings;
                Task changed;
                lock (_gate)
                    (mappings, changed) = (_engine.Peers.Mappings, _changed.Task);
                // A peer that claims nothing any more is another thing than it was: its routes and streams go first.
                var peers = mappings.ToDictionary(static mapping => mapping.Peer, static mapping => mapping.Prefixes.Count > 0);
                foreach (var lost in told.Values.Where(mapping => !peers.TryGetValue(mapping.Peer, out var isMapped) || (!isMapped && mapping.Prefixes.Count > 0)).ToList())
                {
                    told.Remove(lost.Peer);
                    yield return new PeerChange(PeerChangeKind.Lost, lost);
                }
                foreach (var mapping in mappings)
                {
                    if (told.TryGetValue(mapping.Peer, out var before) && ReferenceEquals(before, mapping))
                        continue;
                    told[mapping.Peer] = mapping;
                    yield return new PeerChange(PeerChangeKind.Found, mapping);
                }
                await changed.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<OutgoingPacket> output = [];
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _engine.Leave(output);
        }
        Send(output);
        _watch?.Dispose();
        await _wake.DisposeAsync();
        await _read.DisposeAsync();
        lock (_gate)
        {
            foreach (var (_, port) in _ports.Values)
                port.Dispose();
            _ports.Clear();
        }
        _metrics.Dispose();
    }

    private bool CanBeHeld(VirtualIp address) => _options.AcceptRoutes || _network.Subnets.Any(subnet => subnet.Contains(address));

    private int CountPeers()
    {
        lock (_gate)
            return _engine.Peers.Count;
    }

    private PeerMapping? Find(VirtualIp address, out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            // Who watches hears when it no longer holds; who does not has to ask again.
            return _engine.Peers.Find(address) is { } mapping
                ? _watchers > 0 ? mapping : mapping with { TimeToLive = _options.Ttl / 2 }
                : null;
        }
    }

    // Once, by whoever is first; the others wait until the links are known.
    private void Start()
    {
        lock (_reading)
        {
            lock (_gate)
            {
                if (_watch is not null || _isDisposed)
                    return;
                _watch = _links.Watch(ReadLinks);
                _read.Change(s_readInterval, s_readInterval);
            }
            ReadLinks();
        }
    }

    private void Receive(int link, ReadOnlySpan<byte> packet, VirtualIp sender)
    {
        try
        {
            lock (_gate)
            {
                if (_isDisposed)
                    return;
                _engine.Receive(link, packet, sender, Now);
            }
        }
        catch (Exception exception)
        {
            // A mistake of ours that somebody's message brings out must not make the node deaf.
            LogReceiveFailed(_logger, exception, _network.Name);
        }
        Pump();
    }

    // Does what is due, and sets the clock for the rest.
    private void Pump()
    {
        List<OutgoingPacket> output = [];
        TaskCompletionSource? changed = null;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            var next = _engine.Advance(Now, output);
            // A little late rather than early: a timer that comes too early finds nothing to do and is set again.
            _wake.Change(next is { } at ? (at > Now ? at - Now : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_engine.Peers.Version != _toldVersion)
            {
                _toldVersion = _engine.Peers.Version;
                (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }
        changed?.SetResult();
        Send(output);
    }

    private void Send(List<OutgoingPacket> output)
    {
        foreach (var outgoing in output)
        {
            ILinkPort? port;
            lock (_gate)
                port = _ports.TryGetValue(outgoing.Link, out var entry) ? entry.Port : null;
            if (port?.Send(outgoing.Packet) == true)
                _counters.Sent(outgoing.Kind);
            else
                _counters.SendFailed();
        }
    }

    private void ReadLinks()
    {
        lock (_reading)
        {
            try
            {
                TakeLinks(_links.Read());
            }
            catch (Exception exception) when (exception is NetworkInformationException or IOException)
            {
                // On the system's thread, or a timer's; what we have holds until the next time.
                LogReadFailed(_logger, _network.Name, exception.Message);
                return;
            }
        }
        Pump();
    }

    private void TakeLinks(IReadOnlyList<LocalLink> links)
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            foreach (var (index, (link, port)) in _ports.ToArray())
            {
                // Its families may have changed, and membership ends with an interface even if another of its name comes.
                if (port.IsAlive && links.Any(now => now.Index == index && now.Name == link.Name && now.HasIPv4 == link.HasIPv4 && now.HasIPv6 == link.HasIPv6))
                    continue;
                port.Dispose();
                _ports.Remove(index);
            }
            _engine.SetLinks([.. links.Where(TryOpen)], Now);
        }
    }

    // Under the gate.
    private bool TryOpen(LocalLink link)
    {
        if (_ports.ContainsKey(link.Index))
            return true;
        try
        {
            _ports.Add(link.Index, (link, _links.Open(link, Receive)));
            _refusing.Remove(link.Name);
            LogLink(_logger, _network.Name, link.Name);
            return true;
        }
        catch (SocketException exception)
        {
            if (_refusing.Add(link.Name))
                LogLinkRefused(_logger, _network.Name, link.Name, exception.Message);
            return false;
        }
    }
}
