using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Filtering;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Inbound;
using SubnetVpn.Core.Membership;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Routing;
using SubnetVpn.Core.Streams;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core;

/// <summary>What exists while a network runs, from start to stop. Made once, stopped once.</summary>
internal sealed partial class VpnRun : IPeerObserver
{
    private static readonly TimeSpan s_expiryInterval = TimeSpan.FromSeconds(5);

    // How long what the registry takes back goes on.
    private static readonly TimeSpan s_registryInterval = TimeSpan.FromSeconds(30);

    // How long streams may take to say goodbye.
    private static readonly TimeSpan s_closingGrace = TimeSpan.FromSeconds(1);

    private readonly VpnServiceDependencies _dependencies;
    private readonly LiveSettings _live;
    private readonly ILogger _logger;
    private readonly StreamLedgers _ledgers;
    private readonly LocalAddresses _local;
    private readonly RegistryGuard _guard;
    private readonly RouteTable _routes;
    private readonly AddressGuard _addresses;
    private readonly PeerResolver _resolver;
    private readonly InboundService _inbound;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _tasks = [];
    private readonly RunningTasks _departures = new();
    private volatile bool _isTunLost;
    private readonly List<IDisposable> _held = [];

    private VpnRun(VpnServiceDependencies dependencies, LiveSettings live, VpnMetrics metrics, ITunDevice tun, RegistryGuard guard, SourceQuestions questions, AddressHistory history, Action<AddressLoss> addressLost)
    {
        _dependencies = dependencies;
        _live = live;
        _logger = dependencies.Loggers.CreateLogger<VpnService>();
        Tun = tun;
        _ledgers = new StreamLedgers(metrics);
        var settings = dependencies.Settings;
        var local = new LocalAddresses(settings.Addresses, settings.AutomaticSubnets.Where(static subnet => !subnet.IsIPv4).Select(static subnet => (IpPrefix?)subnet).FirstOrDefault());
        _local = local;
        var ports = new PortFilter(settings.UnallowedPorts);
        _held.Add(live.Watch(current => ports.Replace(current.UnallowedPorts)));
        var hello = new Hello
        {
            Mtu = settings.Mtu,
            VirtualIps = [.. settings.Addresses.Select(address => address.Address)],
            IsAutomatic = settings.IsAutomatic(settings.Addresses[0].Address),
            Offloads = tun.Capabilities,
            AgentVersion = VpnVersion.Agent,
        };
        var exchange = new HelloExchange(
            settings, dependencies.Identity.Id, hello with { Number = StreamNumbers.Next(dependencies.Time) }, dependencies.Pool, metrics, dependencies.Time, _logger);
        Opener = new PeerStreamOpener(dependencies.Transport, dependencies.Resilience, dependencies.Time, settings, exchange, FindEndpoint, _logger);
        var workers = new WorkerPoolSettings(live, metrics, dependencies.Time);
        var streams = new StreamPoolSettings
        {
            Live = live,
            Scheduler = dependencies.Scheduler,
            Ledgers = _ledgers,
            Channels = new StreamChannelContext
            {
                Live = live,
                Hello = hello,
                Heard = (peer, said) => _addresses!.Heard(peer, said),
                Pool = dependencies.Pool,
                Metrics = metrics,
                Time = dependencies.Time,
                Logger = _logger,
            },
        };
        Lent = new LentStreams(Opener, live, metrics, dependencies.Time);
        var refusals = new RefusalCounter(metrics, _logger, claim => _addresses!.Refused(claim));
        _routes = new RouteTable(dependencies.Identity.Id, local, guard.IsActive, guard.IsActive || settings.NetworkKey is not null, mapping => new PeerSession(mapping, Opener, workers, streams), refusals, dependencies.Time);
        _guard = guard;
        _addresses = new AddressGuard(new AddressGuardContext
        {
            Settings = settings,
            Self = dependencies.Identity.Id,
            // What fails is told where packets need the answer.
            Question = new AddressQuestion(new SourceQuestions(dependencies.Discovery, dependencies.Time, NullLogger.Instance), guard, settings, dependencies.Identity.Id),
            FindTold = _routes.FindTold,
            AskPeer = Opener.AskAsync,
            History = history,
            Lost = addressLost,
            Time = dependencies.Time,
            Logger = _logger,
        });
        var sources = new DiscoverySources(questions, guard, _routes, refusals);
        _resolver = new PeerResolver(sources, guard, refusals, _routes, new PeerResolverSettings(live, metrics, dependencies.Time));
        _inbound = new InboundService(dependencies.Transport, settings, new InboundContext
        {
            Tun = tun,
            Pool = dependencies.Pool,
            Routes = _routes,
            Resolver = _resolver,
            Local = local,
            Ports = ports,
            Metrics = metrics,
            Exchange = exchange,
            Heard = _addresses.Heard,
            Mtu = settings.Mtu,
            Logger = _logger,
        });
        Dispatcher = new Dispatcher(_routes, _resolver, local, ports, metrics);
    }

    public ITunDevice Tun { get; }

    /// <summary>Whether the device is gone.</summary>
    public bool IsTunLost => _isTunLost;

    public Dispatcher Dispatcher { get; }

    public PeerStreamOpener Opener { get; }

    public LentStreams Lent { get; }

    /// <summary>Packets and bytes in all stream queues.</summary>
    public (long Packets, long Bytes) Queued
    {
        get
        {
            var (packets, bytes) = (0L, 0L);
            foreach (var session in _routes.GetSessions())
            {
                var queued = session.Streams.Queued;
                packets += queued.Packets;
                bytes += queued.Bytes;
            }
            return (packets, bytes);
        }
    }

    public IReadOnlyList<PeerSession> Sessions => _routes.GetSessions();

    public int ActiveWorkers => _routes.GetSessions().Sum(session => session.Workers.Count);

    public static async Task<VpnRun> StartAsync(VpnServiceDependencies dependencies, LiveSettings live, VpnMetrics metrics, AddressHistory history, Action<AddressLoss> addressLost, Action tunLost, CancellationToken cancellationToken)
    {
        var settings = dependencies.Settings;
        var guard = new RegistryGuard(dependencies.Registry, dependencies.Time, dependencies.Loggers.CreateLogger<VpnService>());
        var questions = new SourceQuestions(dependencies.Discovery, dependencies.Time, dependencies.Loggers.CreateLogger<VpnService>());
        await ThrowIfTakenAsync(new AddressQuestion(questions, guard, settings, dependencies.Identity.Id), settings, history, cancellationToken);
        await guard.CheckOwnAsync(settings.Addresses.Select(static own => own.Address), dependencies.Identity.Id, settings.Name, cancellationToken);
        var tun = await dependencies.TunFactory.CreateAsync(
            new TunSettings { Name = settings.TunName, Mtu = settings.Mtu, Addresses = settings.Addresses, Routes = settings.Routes }, cancellationToken);
        var run = new VpnRun(dependencies, live, metrics, tun, guard, questions, history, addressLost);
        try
        {
            run.Start(tunLost);
        }
        catch
        {
            await run.StopAsync(CancellationToken.None);
            throw;
        }
        return run;
    }

    // Only where there is a choice; a written address is defended when it comes to that.
    private static async Task ThrowIfTakenAsync(AddressQuestion question, NetworkSettings settings, AddressHistory history, CancellationToken cancellationToken)
    {
        foreach (var own in settings.Addresses)
            if (own.Address.IsIPv4 && settings.IsAutomatic(own.Address) && await question.FindHolderAsync(own, cancellationToken) is { } rival
                && (rival.Trust > MappingTrust.Hearsay || history.TryYieldToHearsay()))
                throw new AddressTakenException(own.Address, rival, settings.Name);
        history.EndYielding();
    }

    public IReadOnlyList<PeerSnapshot> GetPeers() => [.. _routes.GetSessions().Select(session => new PeerSnapshot
    {
        Peer = session.Peer,
        Prefixes = session.Mapping.Prefixes,
        Addresses = session.Mapping.Addresses,
        Source = session.Mapping.Source,
        Trust = session.Mapping.Trust,
        Streams = session.Streams.GetSnapshot(),
        InboundStreams = _inbound.CountOf(session.Peer),
        Flows = session.Workers.Count,
        Circuit = Opener.GetCircuit(session.Peer),
        LastError = session.Streams.LastError?.Error,
        LastErrorAt = session.Streams.LastError?.At,
        AgentVersion = session.Streams.PeerAgent,
    })];

    /// <summary>Where packets to an address go, and what each source says of it.</summary>
    public async Task<AddressResolution> ResolveAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        var isOurs = _local.IsOurs(address);
        var result = isOurs ? null : await _resolver.AskAllAsync(address, cancellationToken);
        var (inUse, refused) = _routes.Explain(address);
        return new AddressResolution
        {
            Network = _dependencies.Settings.Name,
            Address = address,
            IsOurs = isOurs,
            TakenAt = _dependencies.Time.GetUtcNow(),
            Answers = result?.Answers ?? [],
            Registration = result?.Registration,
            InUse = isOurs ? null : inUse,
            Refused = [.. _resolver.FindRefused(address), .. refused],
        };
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stopping.CancelAsync();
            foreach (var held in _held)
                held.Dispose();
            _resolver.Stop();
            await Task.WhenAll(_tasks);
            using var grace = new CancellationTokenSource(s_closingGrace, _dependencies.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, grace.Token);
            // What goes wrong with one of them does not keep the others from ending.
            await Task.WhenAll([.. _routes.GetSessions().Select(session => session.Streams.StopAsync(either.Token)), Lent.StopAsync(), _inbound.StopAsync(), _departures.WhenAllAsync()]);
        }
        finally
        {
            _ledgers.GiveUp();
            await Tun.DisposeAsync();
        }
    }

    // Nobody waits for it but the end of the network: a session with the same peer may begin meanwhile.
    private void StopSession(PeerSession session) => _departures.Add(Task.Run(async () =>
    {
        using var grace = new CancellationTokenSource(s_closingGrace, _dependencies.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, grace.Token);
        await session.Streams.StopAsync(either.Token);
    }));

    private void RemoveExpired()
    {
        foreach (var session in _resolver.RemoveExpired())
            StopSession(session);
    }

    private async Task RecheckAsync()
    {
        using var timer = new PeriodicTimer(s_registryInterval, _dependencies.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                foreach (var session in await _resolver.RecheckAsync())
                    StopSession(session);
        }
        catch (OperationCanceledException)
        {
            // Stopping: nothing else cancels it.
        }
    }

    void IPeerObserver.PeerConnected(PeerId peer) => _routes.FindPeer(peer)?.Streams.Hurry();

    void IPeerObserver.PeerDisconnected(PeerId peer, string reason)
    {
        // The streams end by themselves, each with its own reason.
    }

    private void Start(Action tunLost)
    {
        _inbound.Start();
        _held.Add(_dependencies.Transport.WatchPeers(this));
        _tasks.Add(Task.Run(() => _addresses.AskAsync(_stopping.Token)));
        _tasks.Add(Task.Run(() => _addresses.ConfirmAsync(_stopping.Token)));
        var announcer = new Announcer(MakeSelf(_dependencies.Settings), _addresses.AskNow, _dependencies.Time, _logger);
        foreach (var source in _dependencies.Discovery)
        {
            if (source is IPeerWatcher watcher)
                _tasks.Add(Task.Run(() => WatchAsync(watcher)));
            _tasks.Add(Task.Run(() => announcer.RunAsync(source, _stopping.Token)));
        }
        if (_guard.IsActive)
            _tasks.Add(Task.Run(RecheckAsync));
        var pump = new OutboundPump(Tun, Dispatcher, _dependencies.Transport as IWriteBatching, _dependencies.Pool, _logger);
        _tasks.Add(Task.Run(async () =>
        {
            if (!await pump.RunAsync(_stopping.Token))
                return;
            _isTunLost = true;
            // Not on this thread: to stop the network waits for it.
            _ = Task.Run(tunLost);
        }));
        _held.Add(new SettingsTimer(_dependencies.Time, _live, settings => settings.CleanupInterval, CloseIdle));
        Every(settings => settings.Scheduling.AutoScalingInterval, static session => session.Streams.Rescale());
        Every(settings => settings.WorkerCleanupInterval, static session => session.Workers.RemoveIdle());
        _held.Add(_dependencies.Time.CreateTimer(_ => RemoveExpired(), null, s_expiryInterval, s_expiryInterval));
    }

    private void CloseIdle()
    {
        ForEachPeer(session => session.Streams.CloseIdle());
        Lent.CloseIdle();
    }

    private void Every(Func<NetworkSettings, TimeSpan> interval, Action<PeerSession> action) =>
        _held.Add(new SettingsTimer(_dependencies.Time, _live, interval, () => ForEachPeer(action)));

    private void ForEachPeer(Action<PeerSession> action)
    {
        foreach (var session in _routes.GetSessions())
            action(session);
    }

    public PeerSession? FindPeer(PeerId peer) => _routes.FindPeer(peer);

    private PeerEndpoint FindEndpoint(PeerId peer) => _routes.FindPeer(peer)?.Endpoint ?? new PeerEndpoint(peer, []);

    private async Task WatchAsync(IPeerWatcher watcher)
    {
        try
        {
            await foreach (var change in watcher.WatchAsync(_stopping.Token))
            {
                if (change.Kind == PeerChangeKind.Found)
                {
                    // Dialled at once: the first packet finds a stream, and a peer that waits for us learns that we are back.
                    var (holder, gone) = await _resolver.TellAsync(change.Mapping);
                    holder?.Streams.Warm();
                    if (gone is not null)
                        StopSession(gone);
                }
                else if (_resolver.Withdraw(change.Mapping) is { } withdrawn)
                {
                    StopSession(withdrawn);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception exception)
        {
            Log.WatcherFailed(_logger, exception, watcher.GetType().Name);
        }
    }

    private PeerMapping MakeSelf(NetworkSettings settings) => new()
    {
        Peer = _dependencies.Identity.Id,
        Prefixes = [.. settings.Addresses.Select(static own => new IpPrefix(own.Address, own.Address.BitLength))],
        Source = "self",
        Trust = MappingTrust.Authoritative,
        // Of the IPv4 address where there is one: an automatic IPv6 address has no rivals.
        IsAutomatic = settings.IsAutomatic(settings.Addresses[0].Address),
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "{Source} stopped watching for peers")]
        public static partial void WatcherFailed(ILogger logger, Exception exception, string source);
    }
}
